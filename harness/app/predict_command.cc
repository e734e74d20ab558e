#include "harness/app/commands.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/model/predict.h"
#include "harness/plan/units.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <cmath>

namespace pushbench::app {
namespace {

constexpr std::size_t kWidth = 80;
constexpr Nanos kMaxDelay = std::chrono::minutes(1);

std::string duration(double value_s) {
  return human_duration(Nanos(std::llround(value_s * 1e9)));
}

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
  return out.render(kWidth);
}

std::string waits_table(const std::vector<model::Prediction>& predictions) {
  reports::TextTable out;
  out.heads = {"cell", "mean wait", "max wait", "requests/\ndelivery", "sockets", "TIME_WAIT"};
  for (const auto& p : predictions) {
    out.rows.push_back({p.cell, duration(p.latency.mean_s), duration(p.latency.max_s),
                        human_count(p.requests_per_delivery.mean),
                        human_count(std::ceil(p.sockets)), human_count(std::round(p.time_wait))});
  }
  return out.render(kWidth);
}

std::string assumptions(const plan::Scenario& scenario, const model::Assumptions& a) {
  const std::string text = fmt::format(
      "Assumed: {} one way, {} of turnaround, nothing lost; time that processors need is not in "
      "it. Steady state of {} clients at {} events/s.",
      human_duration(a.one_way), human_duration(a.processing), human_count(scenario.clients),
      human_count(scenario.events.rate_per_s));
  return reports::paragraph(text, kWidth);
}

std::string describe(const plan::Scenario& scenario,
                     const std::vector<model::Prediction>& predictions,
                     const model::Assumptions& given) {
  return fmt::format(
      "{}: predicted by closed forms, nothing was run\n\n{}\n"
      "Bytes per delivery; 99 runs in 100 lie from 'at least' to 'at most', as the\n"
      "number and sizes of events fall.\n{}\n{}",
      scenario.name, waits_table(predictions), bytes_table(predictions),
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
  const auto path = find_scenario(arguments.scenario);
  if (!path) {
    return fail(path.error(), streams);
  }
  const auto scenario = plan::load_scenario(*path, arguments.overrides);
  if (!scenario) {
    return fail(scenario.error(), streams);
  }
  const auto text = describe(*scenario, model::predict_all(*scenario, given), given);
  const auto written = write_all(streams.out, text, "standard output");
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace pushbench::app
