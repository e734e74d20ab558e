#include "harness/result/consistency.h"

#include "harness/base/nanos.h"
#include "harness/base/text.h"
#include "harness/result/accounts.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace pushbench::result {
namespace {

constexpr double kMostSeconds = 1e6;  // a phase is at most a day
constexpr double kMostPerSecond = 1e9;
constexpr double kRounding = 1e-9;  // of a figure that was worked out twice

std::string out_of_range(std::string_view path, double value, double most) {
  return fmt::format("{} must be from 0 to {:g}, not {:g}", path, most, value);
}

bool within(double value, double most) {
  return value >= 0 && value <= most;
}

std::string in_scenario(const plan::Scenario& scenario) {
  if (scenario.topics == 0 || scenario.clients == 0 || scenario.topics_per_client == 0) {
    return "scenario: clients, topics and topics_per_client must be at least 1";
  }
  if (!within(scenario.events.rate_per_s, kMostPerSecond)) {
    return out_of_range("scenario.events.rate_per_s", scenario.events.rate_per_s, kMostPerSecond);
  }
  const auto& phases = scenario.phases;
  for (const auto phase : {phases.ramp, phases.warmup, phases.measure, phases.drain}) {
    if (!within(seconds_of(phase), kMostSeconds)) {
      return out_of_range("scenario.phases, in seconds,", seconds_of(phase), kMostSeconds);
    }
  }
  return "";
}

bool admits(const RunResult& run, const CellResult& cell) {
  return std::any_of(run.caveats.begin(), run.caveats.end(), [&cell](const Caveat& caveat) {
    return caveat.id == "accounts" && caveat.cell == cell.label();
  });
}

std::string in_times(const CellResult& cell, const std::string& path) {
  if (!within(cell.measure_s, kMostSeconds)) {
    return out_of_range(path + ".measure_s", cell.measure_s, kMostSeconds);
  }
  const auto& marks = cell.phases;
  for (const auto& mark : {marks.warmup_s, marks.measure_s, marks.drain_s, marks.end_s}) {
    if (mark && !within(*mark, kMostSeconds)) {
      return out_of_range(path + ".phases", *mark, kMostSeconds);
    }
  }
  const auto& steal = cell.generator.steal_share;
  return steal && !within(*steal, 1) ? out_of_range(path + ".generator.steal_share", *steal, 1)
                                     : std::string();
}

std::string in_cell(const RunResult& run, const CellResult& cell, const std::string& path) {
  if (auto times = in_times(cell, path); !times.empty()) {
    return times;
  }
  const auto delivered = cell.counters[Counter::kDelivered];
  if (cell.latency.count() != delivered) {
    return fmt::format("{}.counters.delivered is {}, but histograms.latency holds {} values", path,
                       delivered, cell.latency.count());
  }
  if (cell.latency_from_sent.count() > delivered) {
    return fmt::format("{}.histograms.latency_from_sent holds more values than were delivered",
                       path);
  }
  const auto imbalance = imbalance_of(cell);
  return imbalance.empty() || admits(run, cell) ? std::string()
                                                : fmt::format("{}.counters: {}", path, imbalance);
}

std::string in_verdict(const RunResult& run) {
  auto worst = Verdict::kValid;
  for (const auto& caveat : run.caveats) {
    worst = std::max(worst, caveat.severity);
  }
  return worst == run.verdict
             ? std::string()
             : fmt::format("validity.verdict is {}, but the worst of its caveats is {}",
                           verdict_name(run.verdict), severity_name(worst));
}

bool same(const std::optional<double>& a, const std::optional<double>& b) {
  return a.has_value() == b.has_value() &&
         (!a || std::abs(*a - *b) <= kRounding * std::max(std::abs(*a), std::abs(*b)));
}

// A threshold whose metric or cell is not here is left alone: another version may know it.
std::string in_thresholds(const RunResult& run) {
  const auto judged = judge_thresholds(run.scenario, run.cells);
  if (!judged) {
    return "";
  }
  for (std::size_t i = 0; i < run.thresholds.size(); ++i) {
    const auto& said = run.thresholds[i];
    const auto found = std::find_if(judged->begin(), judged->end(), [&said](const auto& one) {
      return one.text == said.text && one.cell == said.cell;
    });
    if (found != judged->end() &&
        (found->crossed != said.crossed || !same(found->actual, said.actual))) {
      return fmt::format("thresholds[{}] ({}) is not what the cell's own figures say", i,
                         said.text);
    }
  }
  return "";
}

}  // namespace

std::string contradiction_in(const RunResult& run) {
  std::string found = in_scenario(run.scenario);
  for (std::size_t i = 0; found.empty() && i < run.cells.size(); ++i) {
    found = in_cell(run, run.cells[i], fmt::format("cells[{}]", i));
  }
  if (found.empty()) {
    found = in_verdict(run);
  }
  if (found.empty()) {
    found = in_thresholds(run);
  }
  return found.empty() ? found : printable(found) + "; was the file edited by hand?";
}

}  // namespace pushbench::result
