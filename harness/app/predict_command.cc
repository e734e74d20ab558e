#include "harness/app/commands.h"
#include "harness/app/run_setup.h"
#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/model/predict.h"
#include "harness/plan/units.h"
#include "harness/swarm/machine.h"
#include "harness/wire/verbatim_head.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace pushbench::app {
namespace {

constexpr std::size_t kPredictCommandWidth = 80;
constexpr Nanos kMaxDelay = std::chrono::minutes(1);

// What comes from means has no meaning beyond a hundredth of a byte.
std::string bytes(double value) {
  return human_bytes(std::round(value * 100) / 100);
}

std::string bytes_table(const std::vector<model::Prediction>& predictions) {
  reports::TextTable out;
  out.heads = {"cell", "all", "at least", "at most", "head", "framing", "payload"};
  for (const auto& p : predictions) {
    const auto& each = p.per_delivery;
    out.rows.push_back(
        {p.cell, human_bytes(p.bytes_per_delivery.mean), human_bytes(p.bytes_per_delivery.low),
         human_bytes(p.bytes_per_delivery.high), bytes(each.head_up + each.head_down),
         bytes(each.framing_up + each.framing_down), bytes(each.payload_up + each.payload_down)});
  }
  return out.render(kPredictCommandWidth);
}

std::string wire_table(const std::vector<model::Prediction>& predictions) {
  reports::TextTable out;
  out.heads = {"cell",     "segments", "at least", "at most",
               "IP bytes", "at least", "at most",  "events/\nanswer"};
  for (const auto& p : predictions) {
    const auto& segments = p.segments_per_delivery;
    const auto& ip = p.ip_bytes_per_delivery;
    out.rows.push_back({p.cell, human_count(segments.mean), human_count(segments.low),
                        human_count(segments.high), human_bytes(std::round(ip.mean)),
                        human_bytes(std::round(ip.low)), human_bytes(std::round(ip.high)),
                        p.events_per_response > 0 ? human_count(p.events_per_response) : "-"});
  }
  return out.render(kPredictCommandWidth);
}

// Which cell a rule is about shows in the tables.
std::string time_wait_rule(const std::vector<model::Prediction>& predictions) {
  const bool any = std::any_of(predictions.begin(), predictions.end(),
                               [](const auto& p) { return p.time_wait > 0; });
  if (!any) {
    return "";
  }
  const auto environment = swarm::environment_of(swarm::read_machine());
  const auto reuse = environment.find("tcp_tw_reuse");
  const std::string text = fmt::format(
      "TIME_WAIT: connections a second × min({} s, time since the first), at the side that closes "
      "first. pushbench's own server does, when it has answered a request with Connection: close; "
      "so they take none of the clients' ports. Behind a server that waits for the client they are "
      "at the client's end, and tcp_tw_reuse ({} here; 1, or 2 on loopback) makes the number an "
      "upper bound, as the kernel's bucket limit does.",
      model::kTimeWaitSeconds, reuse == environment.end() ? "unknown" : reuse->second);
  return "\n" + reports::paragraph(text, kPredictCommandWidth);
}

std::string replayed_heads(const plan::Scenario& scenario) {
  for (const auto& cell : scenario.strategies) {
    if (!cell.replays()) {
      continue;
    }
    const auto up = wire::verbatim_request(cell.request_head);
    const auto down = wire::verbatim_response(cell.response_head);
    PUSHBENCH_CHECK(up.has_value() && down.has_value());
    return "\n" +
           reports::paragraph(
               fmt::format("Replayed heads: {} B up and {} B down, {} B a poll; {} + {} = {} "
                           "characters without line ends.",
                           up->bytes.size(), down->bytes.size(),
                           up->bytes.size() + down->bytes.size(), up->characters, down->characters,
                           up->characters + down->characters),
               kPredictCommandWidth);
  }
  return "";
}

struct LeftOut {
  bool (*holds)(const plan::StrategySpec& cell);
  std::string_view why;
};
constexpr std::array kLeftOut{
    LeftOut{[](const plan::StrategySpec& cell) { return cell.polls_at_once(); },
            "How often it asks is up to the speed of both ends, which no closed form knows."},
    LeftOut{
        [](const plan::StrategySpec& cell) { return cell.compresses() && !cell.polls_at_once(); },
        "What events compress to is up to their text, which no closed form knows; waits, "
        "requests and sockets are those of the cell without compression."},
};

std::string left_out(const plan::Scenario& scenario) {
  std::string out;
  for (const auto& row : kLeftOut) {
    std::string names;
    for (const auto& cell : scenario.strategies) {
      if (row.holds(cell)) {
        names += (names.empty() ? "" : ", ") + cell.cell_name();
      }
    }
    if (!names.empty()) {
      out += "\n" + reports::paragraph(fmt::format("Left out: {}. {}", names, row.why),
                                       kPredictCommandWidth);
    }
  }
  return out;
}

std::string waits_table(const std::vector<model::Prediction>& predictions) {
  reports::TextTable out;
  out.heads = {"cell", "mean wait", "max wait", "requests/\ndelivery", "sockets", "TIME_WAIT"};
  for (const auto& p : predictions) {
    out.rows.push_back({p.cell, human_seconds(p.latency.mean_s), human_seconds(p.latency.max_s),
                        human_count(p.requests_per_delivery.mean),
                        human_count(std::ceil(p.sockets)), human_count(std::round(p.time_wait))});
  }
  return out.render(kPredictCommandWidth);
}

std::string assumptions(const plan::Scenario& scenario, const model::Assumptions& a) {
  const std::string text = fmt::format(
      "Assumed: {} one way, {} of turnaround, nothing lost; time that processors need is not in "
      "it. {}{} at {}{}.",
      human_duration(a.one_way + (scenario.link ? scenario.link->one_way() : Nanos())),
      human_duration(a.processing),
      scenario.events.profile || scenario.clients_profile ? "Added up in 48 parts, each taken for "
                                                            "steady: "
                                                          : "Steady state of ",
      scenario.clients_text(), scenario.rate_text(),
      scenario.events.arrival == plan::Arrival::kTrace
          ? "; a trace is taken for Poisson at its mean rate"
          : "");
  return reports::paragraph(text, kPredictCommandWidth);
}

std::string describe(const plan::Scenario& scenario,
                     const std::vector<model::Prediction>& predictions,
                     const model::Assumptions& given) {
  return fmt::format(
      "{}: predicted by closed forms, nothing was run\n\n{}\n"
      "Bytes per delivery; 99 runs in 100 lie from 'at least' to 'at most', as the\n"
      "number and sizes of events fall, and as long-polls share an answer where a\n"
      "machine needs its time to ask again.\n{}\n"
      "Segments and bytes on IP level per delivery; not known before is how many\n"
      "acknowledgements travel by themselves.\n{}{}{}{}\n{}",
      scenario.name, waits_table(predictions), bytes_table(predictions), wire_table(predictions),
      replayed_heads(scenario), time_wait_rule(predictions), left_out(scenario),
      assumptions(scenario, given));
}

Result<Nanos> read_delay(const std::string& text) {
  const auto delay = plan::parse_duration(text);
  if (!delay) {
    return usage(
        fmt::format("--delay: expected {}, got '{}'", delay.error().text, printable(text)));
  }
  if (*delay > kMaxDelay) {
    return usage(fmt::format("--delay: at most {}, got '{}'", plan::short_duration(kMaxDelay),
                             printable(text)));
  }
  return *delay;
}

}  // namespace

int predict_command(const PredictArguments& arguments, const Streams& streams) {
  model::Assumptions given;
  const auto delay = read_delay(arguments.delay);
  if (!delay) {
    return fail(delay.error(), streams);
  }
  given.one_way = *delay;
  const auto scenario = load_named_scenario(arguments.scenario, arguments.overrides);
  if (!scenario) {
    return fail(scenario.error(), streams);
  }
  const auto text = describe(*scenario, model::predict_all(*scenario, given), given);
  const auto written = write_all(streams.out, text, "standard output");
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace pushbench::app
