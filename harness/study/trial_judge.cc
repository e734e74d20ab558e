#include "harness/study/trial_judge.h"

#include "harness/base/text.h"
#include "harness/result/metrics.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::study {
namespace {

using result::Counter;

struct CauseOfRule {
  std::string_view id;  // of an invalid caveat
  Cause cause;
};
// Rules that say a load did not come through, whatever the bounds say. The first that fired is
// told, so that the deeper reason stands first.
constexpr std::array<CauseOfRule, 10> kServerRules{{
    {"server-ended", Cause::kServerEnded},
    {"no-descriptors", Cause::kMachine},
    {"no-ports", Cause::kMachine},
    {"not-all-subscribed", Cause::kSockets},
    {"failed-sockets", Cause::kSockets},
    {"failed-requests", Cause::kSockets},
    {"lost-events", Cause::kLoss},
    {"gaps", Cause::kLoss},
    {"nothing-delivered", Cause::kLoss},
    {"cell-did-not-run", Cause::kSockets},
}};

struct CauseOfMetric {
  std::string_view part;  // of its name
  Cause cause;
};
constexpr std::array<CauseOfMetric, 12> kMetricCauses{{
    {"latency", Cause::kLatency},
    {"fan_out", Cause::kLatency},
    {"client_p", Cause::kLatency},
    {"setup", Cause::kLatency},
    {"lost", Cause::kLoss},
    {"late", Cause::kLoss},
    {"gaps", Cause::kLoss},
    {"delivered", Cause::kLoss},
    {"cpu", Cause::kProcessor},
    {"memory", Cause::kMemory},
    {"sockets", Cause::kSockets},
    {"time_wait", Cause::kSockets},
}};

Cause cause_of_metric(std::string_view name) {
  const auto found = std::find_if(
      kMetricCauses.begin(), kMetricCauses.end(),
      [&](const CauseOfMetric& row) { return name.find(row.part) != std::string_view::npos; });
  return found == kMetricCauses.end() ? Cause::kOther : found->cause;
}

const result::Caveat* find_invalid(const result::RunResult& run, std::string_view id) {
  const auto found =
      std::find_if(run.caveats.begin(), run.caveats.end(), [&](const result::Caveat& caveat) {
        return caveat.id == id && caveat.severity == result::Verdict::kInvalid;
      });
  return found == run.caveats.end() ? nullptr : &*found;
}

double p99_of(const stats::Histogram& histogram) {
  return histogram.empty() ? 0 : static_cast<double>(histogram.quantile(0.99).count());
}

// How much of a latency may be the generator's own.
double own_lag(const result::CellResult& cell) {
  return std::max(p99_of(cell.loop_lag), p99_of(cell.publisher_lag));
}

bool server_busy(const result::CellResult& cell) {
  const auto share = server_share(cell);
  return share && *share >= kBusyShare;
}

std::string busy_text(const result::CellResult& cell) {
  const auto share = server_share(cell);
  return share ? fmt::format("; the server used {:.0f} % of a processor", *share * 100) : "";
}

std::optional<TrialVerdict> by_rules(const result::RunResult& run) {
  for (const auto& [id, cause] : kServerRules) {
    if (const auto* caveat = find_invalid(run, id)) {
      const Outcome outcome = cause == Cause::kMachine ? Outcome::kImpossible : Outcome::kCrossed;
      return TrialVerdict{outcome, cause, caveat->text};
    }
  }
  return std::nullopt;
}

// The load was not what it should be.
std::optional<TrialVerdict> by_publishing(const result::RunResult& run,
                                          const result::CellResult& cell) {
  for (const char* id : {"unpublished", "publish-rate"}) {
    if (const auto* caveat = find_invalid(run, id)) {
      const bool server = cell.counters[Counter::kPublishRejected] > 0 || server_busy(cell);
      return TrialVerdict{server ? Outcome::kCrossed : Outcome::kGenerator,
                          server ? Cause::kLoss : Cause::kGenerator,
                          caveat->text + busy_text(cell)};
    }
  }
  return std::nullopt;
}

std::optional<TrialVerdict> by_flight(const result::CellResult& cell) {
  const auto expected = static_cast<double>(cell.counters[Counter::kExpected]);
  const auto flying = static_cast<double>(cell.counters[Counter::kInFlight]);
  if (flying <= kMostInFlightShare * expected) {
    return std::nullopt;
  }
  return TrialVerdict{Outcome::kCrossed, Cause::kLatency,
                      fmt::format("{} deliveries were still on their way at the end{}",
                                  human_count(flying), busy_text(cell))};
}

// True when the bound would be crossed without the generator's lag as well.
bool crossed_by_server(const result::Metric& metric,
                       const result::RunResult& run,
                       const result::ThresholdResult& crossed,
                       const result::CellResult& cell) {
  if (server_busy(cell) || cause_of_metric(metric.name) != Cause::kLatency) {
    return true;
  }
  const auto found = std::find_if(run.scenario.thresholds.begin(), run.scenario.thresholds.end(),
                                  [&](const plan::Threshold& t) { return t.text == crossed.text; });
  return found == run.scenario.thresholds.end() || *crossed.actual - own_lag(cell) >= found->limit;
}

// Rules that say that the processors were short for us, whoever used them.
const result::Caveat* find_shortage(const result::RunResult& run) {
  const auto found =
      std::find_if(run.caveats.begin(), run.caveats.end(), [](const result::Caveat& caveat) {
        return caveat.id == "run-queue" || caveat.id == "steal" || caveat.id == "generator-busy";
      });
  return found == run.caveats.end() ? nullptr : &*found;
}

TrialVerdict crossed_verdict(const result::RunResult& run,
                             const result::ThresholdResult& crossed,
                             const result::CellResult& cell) {
  const auto name = crossed.text.substr(0, crossed.text.find_first_of(" <>="));
  const auto* metric = result::find_threshold_metric(name);
  if (metric == nullptr) {
    return {Outcome::kCrossed, Cause::kOther, crossed.text};
  }
  const std::string was = fmt::format("{} was {}, asked for is {}", name,
                                      result::format_metric(*metric, crossed.actual), crossed.text);
  const auto* const shortage = find_shortage(run);
  if (shortage != nullptr && server_share(cell) && !server_busy(cell) &&
      cause_of_metric(metric->name) == Cause::kLatency) {
    return {Outcome::kGenerator, Cause::kGenerator,
            fmt::format("{}{}, and {}", was, busy_text(cell), shortage->text)};
  }
  if (crossed_by_server(*metric, run, crossed, cell)) {
    return {Outcome::kCrossed, cause_of_metric(metric->name), was + busy_text(cell)};
  }
  return {Outcome::kGenerator, Cause::kGenerator,
          fmt::format("{}, of which the generator's own lag may be {}", was,
                      human_duration(plan::Nanos(static_cast<std::int64_t>(own_lag(cell)))))};
}

}  // namespace

std::string_view cause_name(Cause cause) noexcept {
  constexpr std::array<std::string_view, 10> kNames{
      "nothing", "latency",   "loss",         "server processor", "memory",
      "sockets", "generator", "server ended", "this machine",     "another bound"};
  return kNames.at(static_cast<std::size_t>(cause));
}

std::optional<double> server_share(const result::CellResult& cell) {
  if (!cell.server || !(cell.measure_s > 0)) {
    return std::nullopt;
  }
  return static_cast<double>(cell.server->cpu_ns) / 1e9 / cell.measure_s;
}

TrialVerdict judge_trial(const result::RunResult& run) {
  if (const auto verdict = by_rules(run)) {
    return *verdict;
  }
  if (run.cells.empty()) {
    return {Outcome::kCrossed, Cause::kOther, "the cell could not be run"};
  }
  const result::CellResult& cell = run.cells.front();
  if (const auto verdict = by_publishing(run, cell)) {
    return *verdict;
  }
  for (const auto& threshold : run.thresholds) {
    if (threshold.crossed) {
      return crossed_verdict(run, threshold, cell);
    }
  }
  if (const auto verdict = by_flight(cell)) {
    return *verdict;
  }
  for (const auto& threshold : run.thresholds) {
    if (!threshold.actual) {
      return {Outcome::kGenerator, Cause::kGenerator,
              threshold.text + " cannot be judged: too few events were measured"};
    }
  }
  return {Outcome::kHeld, Cause::kNone, ""};
}

}  // namespace pushbench::study
