#include "harness/plan/scenario.h"

#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/plan/binder.h"
#include "harness/plan/checks.h"
#include "harness/plan/document.h"
#include "harness/plan/payload_file.h"
#include "harness/plan/strategies.h"
#include "harness/plan/trace_file.h"
#include "harness/plan/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace pushbench::plan {
namespace {

constexpr Nanos kGrace = std::chrono::seconds(1);  // a request on its way, a reconnect

const StrategyRow& row_of(const StrategySpec& cell) {
  const StrategyRow* row = find_strategy(cell.strategy);
  PUSHBENCH_CHECK(row != nullptr);
  return *row;
}

// FNV-1a, 64 bits (draft-eastlake-fnv, section 2). It tells workloads apart; it is no seal.
class Hash {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    state_ = (state_ ^ 0xffU) * 0x100000001b3ULL;  // ends the field; never a byte of UTF-8
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

void add_payload(Hash& hash, const PayloadSpec& payload) {
  hash.add(fmt::format("payload {} {} {} {} {} {} {}", static_cast<int>(payload.kind), payload.size,
                       payload.low, payload.high, payload.median, payload.p99, payload.max));
  for (const auto& line : payload.lines) {
    hash.add(line);
  }
}

void add_profile(Hash& hash, std::string_view what, const Profile& profile) {
  const auto nanos = [](const std::optional<Nanos>& time) {
    return time.value_or(Nanos(0)).count();
  };
  hash.add(fmt::format("{} {} {} {} {} {} {} {} {} {}", what, static_cast<int>(profile.shape),
                       profile.from, profile.to, nanos(profile.over), profile.low, profile.high,
                       profile.daily() ? profile.peak_at.count() : 0, profile.mean,
                       nanos(profile.period)));
  for (const auto& step : profile.steps) {
    hash.add(fmt::format("{} {}", step.at.count(), step.value));
  }
  for (const double weight : profile.weights) {
    hash.add(fmt::format("{}", weight));
  }
}

}  // namespace

std::string StrategySpec::cell_name() const {
  return strategy + row_of(*this).options(*this);
}

std::uint64_t Scenario::log_events_needed(const StrategySpec& cell) const {
  const double window = seconds_of(row_of(cell).pause(cell) + round_trip() + kGrace);
  const double rate = events.highest_rate_per_s();
  double in_topic = 0;
  if (events.arrival == Arrival::kPoisson) {
    const double mean = rate / topics * window;
    in_topic = mean + 6 * std::sqrt(mean) + 8;  // beyond it once in 1e9 windows
  } else if (events.arrival == Arrival::kTrace) {
    PUSHBENCH_CHECK(events.trace && !events.trace->due.empty());
    const auto most = most_within(*events.trace, row_of(cell).pause(cell) + kGrace);
    in_topic = std::ceil(static_cast<double>(most) / topics) + 1;
  } else {
    const double batch = events.arrival == Arrival::kBurst ? events.burst : 1;
    const double batches = std::floor(window * rate / batch) + 1;
    in_topic = std::ceil(batches * batch / topics);
  }
  return static_cast<std::uint64_t>(std::ceil(2 * in_topic));
}

Nanos Scenario::drain_of(const StrategySpec& cell) const {
  return std::max(phases.drain, settling_of(cell));
}

Nanos Scenario::settling_of(const StrategySpec& cell) const {
  return row_of(cell).pause(cell) + round_trip() + kGrace;
}

Nanos Scenario::late_of(const StrategySpec& cell) const {
  return late.value_or(std::max(kGrace, 2 * row_of(cell).pause(cell)) + round_trip());
}

Nanos Scenario::cell_time(const StrategySpec& cell) const {
  return phases.ramp + phases.warmup + phases.measure + drain_of(cell);
}

std::string Scenario::clients_text() const {
  if (clients_profile) {
    return fmt::format("{} clients {}", range_text(*clients_profile),
                       course_text(*clients_profile));
  }
  return fmt::format("{} client{}", human_count(clients), clients == 1 ? "" : "s");
}

std::string Scenario::rate_text() const {
  const std::string mean = human_count(events.rate_per_s);
  return events.profile ? fmt::format("{} events/s {}, {} on average", range_text(*events.profile),
                                      course_text(*events.profile), mean)
                        : mean + " events/s";
}

double Scenario::events_in_warmup() const {
  double rate = events.rate_per_s;
  if (events.profile) {
    rate = events.profile->highest() > 0 ? Curve(*events.profile, phases.warmup).at(0) : 0;
  }
  return rate * seconds_of(phases.warmup);
}

std::string Scenario::topic_name(std::string_view prefix, std::uint32_t topic) const {
  const auto width = std::to_string(topics - 1).size();
  return fmt::format("{}{:0{}}", prefix, topic, width);
}

std::string Scenario::hash() const {
  Hash hash;
  hash.add("pushbench.workload/1");
  hash.add(fmt::format("clients {} {} {}", clients, topics, topics_per_client));
  const bool bursts = events.arrival == Arrival::kBurst;
  hash.add(fmt::format("events {} {} {}", events.rate_per_s, static_cast<int>(events.arrival),
                       bursts ? events.burst : 0));
  if (events.arrival == Arrival::kTrace) {
    hash.add("trace " + events.trace->digest);
  }
  if (events.profile) {
    add_profile(hash, "rate profile", *events.profile);
  }
  if (clients_profile) {
    add_profile(hash, "clients profile", *clients_profile);
  }
  add_payload(hash, events.payload);
  if (upstream) {
    hash.add(fmt::format("upstream {} {}", upstream->rate_per_s, upstream->payload));
  }
  if (link) {
    hash.add(fmt::format("link {} {} {} {} {} {}", link->rtt.count(), link->jitter.count(),
                         link->down, link->up, link->downlink, link->uplink));
  }
  hash.add(fmt::format("phases {} {} {} {}", phases.ramp.count(), phases.warmup.count(),
                       phases.measure.count(), phases.drain.count()));
  hash.add(fmt::format("seed {}", seed));
  for (const auto& cell : strategies) {
    if (cell.replays()) {
      hash.add(cell.request_head);
      hash.add(cell.response_head);
      break;  // the same for all polling cells
    }
  }
  hash.add(fmt::format("late {}", late.value_or(Nanos(0)).count()));
  return fmt::format("{:016x}", hash.value());
}

Result<Scenario> parse_scenario(std::string_view text,
                                const std::string& origin,
                                const std::string& directory,
                                const Overrides& overrides) {
  const auto root = parse_document(text, origin);
  if (!root) {
    return root.error();
  }
  auto bound = bind_scenario(*root, origin, directory, overrides);
  if (!bound) {
    return bound.error();
  }
  if (const auto fine = check_scenario(*bound); !fine) {
    return fine.error();
  }
  bound->scenario.text = text;
  return std::move(bound->scenario);
}

Result<Scenario> load_scenario(const std::string& path, const Overrides& overrides) {
  const auto text = read_small_file(path, kMaxScenarioBytes);
  if (!text) {
    return text.error();
  }
  return parse_scenario(*text, printable(path), std::filesystem::path(path).parent_path().string(),
                        overrides);
}

}  // namespace pushbench::plan
