#include "harness/plan/checks.h"

#include "harness/plan/event_plan.h"
#include "harness/plan/schedule.h"
#include "harness/plan/units.h"
#include "harness/plan/visits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace pushbench::plan {
namespace {

Failure at(const Bound& bound, const std::string& path, std::string_view text) {
  return usage(fmt::format("{}: {}", bound.places.where(path), text));
}

Result<void> topics_fit(const Bound& bound) {
  const auto& scenario = bound.scenario;
  if (scenario.topics_per_client > scenario.topics) {
    return at(bound, "topics-per-client",
              fmt::format("{} topics for each client, but there are only {}; raise topics or "
                          "lower topics-per-client",
                          scenario.topics_per_client, scenario.topics));
  }
  if (scenario.subscriptions() > kMaxSubscriptions) {
    return at(bound, "clients",
              fmt::format("{} clients with {} topics each need {} connections; at most {}",
                          scenario.clients, scenario.topics_per_client, scenario.subscriptions(),
                          kMaxSubscriptions));
  }
  const double visits = count_visits(scenario) * scenario.topics_per_client;
  if (visits > kMaxSubscriptions) {
    return at(bound, "clients",
              fmt::format("so much coming and going makes {:.0f} subscriptions; at most {}: use "
                          "fewer clients or a longer period",
                          visits, kMaxSubscriptions));
  }
  return {};
}

Result<void> sizes_rise(const Bound& bound) {
  const auto& payload = bound.scenario.events.payload;
  if (payload.kind == PayloadSpec::Kind::kLognormal && payload.p99 < payload.median) {
    return at(bound, "events.payload.lognormal.p99",
              fmt::format("{}B is below the median of {}B", payload.p99, payload.median));
  }
  return {};
}

Result<void> load_is_bounded(const Bound& bound) {
  const auto& scenario = bound.scenario;
  const double events = scenario.events_in_warmup() +
                        scenario.events.rate_per_s * seconds_of(scenario.phases.measure);
  if (events > kMaxPlannedEvents) {
    return at(bound, "events.rate",
              fmt::format("{:.0f} events in warmup and measure; at most {:.0f}, so lower the rate "
                          "or shorten the phases",
                          events, kMaxPlannedEvents));
  }
  if (!scenario.upstream) {
    return {};
  }
  const double upstream = scenario.upstream->rate_per_s * scenario.clients;
  if (upstream > kMaxUpstreamPerSecond) {
    return at(bound, "upstream.rate",
              fmt::format("all clients together would send {:.0f} events a second; at most {:.0f}",
                          upstream, kMaxUpstreamPerSecond));
  }
  return {};
}

// Asks the schedule itself, since a rare burst or an unlucky seed may leave the phase empty.
Result<void> something_is_measured(const Bound& bound) {
  const auto& scenario = bound.scenario;
  const double expected = scenario.events.rate_per_s * seconds_of(scenario.phases.measure);
  if (expected >= 1) {
    Schedule schedule(publish_spec(scenario));
    std::optional<Nanos> due = schedule.next();
    while (due && *due < scenario.phases.warmup) {
      due = schedule.next();
    }
    if (due) {
      return {};
    }
  }
  return at(bound, "events.rate",
            fmt::format("no event would be measured ({:.2g} expected in {}); raise the rate or "
                        "lengthen phases.measure",
                        expected, short_duration(scenario.phases.measure)));
}

Result<void> cells_differ(const Bound& bound) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < bound.cells.size(); ++i) {
    const auto name = bound.scenario.strategies[i].cell_name();
    const auto [first, is_new] = seen.emplace(name, i);
    if (!is_new) {
      return at(bound, bound.cells[i],
                fmt::format("the same cell as {} ({}); remove one of them",
                            bound.cells[first->second], name));
    }
  }
  return {};
}

Result<void> polls_happen(const Bound& bound) {
  const auto measure = bound.scenario.phases.measure;
  for (std::size_t i = 0; i < bound.cells.size(); ++i) {
    const auto& cell = bound.scenario.strategies[i];
    if (cell.strategy == "polling" && cell.interval > measure) {
      return at(bound, bound.cells[i] + ".polling.interval",
                fmt::format("{} is longer than the measure phase ({}), so that some clients would "
                            "not poll in it; poll at least every {} or give --measure {}",
                            short_duration(cell.interval), short_duration(measure),
                            short_duration(measure), short_duration(cell.interval)));
    }
  }
  return {};
}

Result<void> logs_are_bounded(const Bound& bound) {
  for (std::size_t i = 0; i < bound.cells.size(); ++i) {
    const auto& cell = bound.scenario.strategies[i];
    const auto needed = bound.scenario.log_events_needed(cell);
    if (needed > kMaxLogEvents) {
      return at(bound, bound.cells[i],
                fmt::format("{} would need a topic log of {} events, at most {}; lower "
                            "events.rate or shorten the interval",
                            cell.cell_name(), needed, kMaxLogEvents));
    }
  }
  return {};
}

Result<void> link_can_work(const Bound& bound) {
  if (!bound.scenario.link) {
    return {};
  }
  const LinkSpec& link = *bound.scenario.link;
  if (link.jitter > link.one_way()) {
    return at(bound, "link.jitter",
              fmt::format("a trip takes {}, so it cannot be {} shorter; at most half of link.rtt",
                          short_duration(link.one_way()), short_duration(link.jitter)));
  }
  constexpr double kBitsInFlight = 8.0 * kMaxLinkInFlight;
  struct Side {
    std::string_view path;
    std::uint64_t bit_per_s;
  };
  for (const auto& side : {Side{"link.down", link.down}, Side{"link.up", link.up}}) {
    const double under_way = static_cast<double>(side.bit_per_s) * seconds_of(link.one_way());
    if (under_way > kBitsInFlight) {
      return at(bound, std::string(side.path),
                fmt::format("{} over a trip of {} has more under way than the 1 MiB that a "
                            "connection may; lower the rate or link.rtt",
                            short_bit_rate(side.bit_per_s), short_duration(link.one_way())));
    }
  }
  return {};
}

// A replayed poll has no cursor and its answer no room for a second event.
Result<void> replays_fit(const Bound& bound) {
  const auto& scenario = bound.scenario;
  for (std::size_t i = 0; i < bound.cells.size(); ++i) {
    const auto& cell = scenario.strategies[i];
    if (!cell.replays()) {
      continue;
    }
    const auto& payload = scenario.events.payload;
    if (payload.kind != PayloadSpec::Kind::kFixed || payload.size != cell.response_length) {
      return at(bound, "events.payload",
                fmt::format("replayed answers have a Content-Length of {0}, so events must be of "
                            "{0}B",
                            cell.response_length));
    }
    if (scenario.topics != 1) {
      return at(bound, "topics", "a replayed request names no topic; there can be only 1");
    }
    if (cell.polls_at_once()) {
      return at(bound, bound.cells[i], "replayed polls need an interval above 0s");
    }
    const double per_poll = scenario.events.highest_rate_per_s() * seconds_of(cell.interval);
    if (scenario.events.arrival != Arrival::kConstant || per_poll > 1 + 1e-9) {
      return at(bound, "events",
                fmt::format("replayed answers hold one event each; use arrival: constant and a "
                            "rate of at most {:.3g}/s",
                            1 / seconds_of(cell.interval)));
    }
    if (scenario.clients_profile) {
      return at(bound, "clients", "replayed polls have no cursor to come with; use a fixed number");
    }
    if (cell.new_connection || cell.jitter > 0 || cell.compresses()) {
      return at(bound, bound.cells[i],
                "replayed polls keep their connection and have neither jitter nor compression");
    }
  }
  return {};
}

constexpr std::array kChecks{topics_fit,   sizes_rise,   load_is_bounded,  something_is_measured,
                             cells_differ, polls_happen, logs_are_bounded, link_can_work,
                             replays_fit};

}  // namespace

Result<void> check_scenario(const Bound& bound) {
  for (const auto check : kChecks) {
    if (auto done = check(bound); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace pushbench::plan
