#include "harness/study/trial_judge.h"

#include "harness/base/text.h"
#include "harness/result/metrics.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

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

// What the host of a virtual machine took, as if all of it had been one pause of one processor.
double stolen_ns(const result::RunResult& run, const result::CellResult& cell) {
  const auto found = run.environment.find("cores");
  const double cores = found == run.environment.end() ? 1 : std::atof(found->second.c_str());
  return cell.generator.steal_share.value_or(0) * cores * cell.measure_s * 1e9;
}

// How much of a latency may be the generator's own, or its host's.
double own_lag(const result::RunResult& run, const result::CellResult& cell) {
  return std::max({p99_of(cell.loop_lag), p99_of(cell.publisher_lag), stolen_ns(run, cell)});
}

bool server_busy(const result::CellResult& cell) {
  const auto share = server_share(cell);
  return share && *share >= kBusyShare;
}

std::string busy_text(const std::optional<double>& share) {
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
                          caveat->text + busy_text(server_share(cell))};
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
                                  human_count(flying), busy_text(server_share(cell)))};
}

// Rules that say that the processors were short for us, whoever used them.
const result::Caveat* find_shortage(const result::RunResult& run) {
  const auto found =
      std::find_if(run.caveats.begin(), run.caveats.end(), [](const result::Caveat& caveat) {
        return caveat.id == "run-queue" || caveat.id == "generator-busy";
      });
  return found == run.caveats.end() ? nullptr : &*found;
}

// That bounds are usually set for; those of the run's own bounds come on top.
constexpr std::array<std::string_view, 14> kKeptMetrics{"latency_mean_ns",
                                                        "latency_p50_ns",
                                                        "latency_p90_ns",
                                                        "latency_p99_ns",
                                                        "latency_p999_ns",
                                                        "latency_max_ns",
                                                        "lost",
                                                        "received_per_s",
                                                        "delivered",
                                                        "published",
                                                        "bytes_per_delivery",
                                                        "requests_per_delivery",
                                                        "server_cpu_ns_per_delivery",
                                                        "server_memory_bytes_per_connection"};

using Values = std::vector<std::pair<std::string, double>>;

std::optional<double> value_in(const Values& values, std::string_view name) {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [name](const auto& one) { return one.first == name; });
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

void keep_value(Values& values, std::string_view name, const std::optional<double>& value) {
  if (value && !value_in(values, name)) {
    values.emplace_back(name, *value);
  }
}

void keep_metrics(TrialFigures& out, const result::RunResult& run, const result::CellResult& cell) {
  for (const auto& threshold : run.thresholds) {
    const auto name = threshold.text.substr(0, threshold.text.find_first_of(" <>="));
    if (const auto* metric = result::find_threshold_metric(name)) {
      keep_value(out.metrics, metric->name, threshold.actual);
    }
  }
  for (const auto name : kKeptMetrics) {
    const auto* metric = result::find_metric(name);
    keep_value(out.metrics, name, metric->read(cell));
    keep_value(out.targets, name, result::target_of(*metric, run.scenario, cell));
  }
}

bool busy(const TrialFigures& figures) {
  return figures.server_share && *figures.server_share >= kBusyShare;
}

// What the bound compares with; nullopt: it cannot be judged.
std::optional<double> limit_of(const plan::Threshold& bound,
                               const result::Metric& metric,
                               const TrialFigures& figures) {
  if (bound.kind != plan::Threshold::Kind::kTarget) {
    return bound.limit;
  }
  const auto target = value_in(figures.targets, metric.name);
  return target ? std::optional(bound.limit * *target) : std::nullopt;
}

// Latency that the generator's lag alone, or its want of processors, may have lifted over `limit`.
// How much a host took bounds what it did to a latency; how short of processors we were does not.
TrialVerdict crossed_verdict(const TrialFigures& figures,
                             const plan::Threshold& bound,
                             const result::Metric& metric,
                             double actual,
                             double limit) {
  const std::string was = fmt::format("{} was {}, asked for is {}", bound.metric,
                                      result::format_metric(metric, actual), bound.text);
  const Cause cause = cause_of_metric(metric.name);
  const std::string share = busy_text(figures.server_share);
  const bool excusable = cause == Cause::kLatency && !busy(figures);
  if (excusable && figures.server_share && !figures.shortage.empty()) {
    return {Outcome::kGenerator, Cause::kGenerator,
            fmt::format("{}{}, and {}", was, share, figures.shortage)};
  }
  if (excusable && actual - figures.own_lag_ns < limit) {
    return {
        Outcome::kGenerator, Cause::kGenerator,
        fmt::format("{}, of which {} may be lag of the generator or of its host", was,
                    human_duration(plan::Nanos(static_cast<std::int64_t>(figures.own_lag_ns))))};
  }
  return {Outcome::kCrossed, cause, was + share};
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

TrialFigures figures_of(const result::RunResult& run) {
  TrialFigures out;
  if (const auto verdict = by_rules(run)) {
    out.before = *verdict;
  } else if (run.cells.empty()) {
    out.before = {Outcome::kCrossed, Cause::kOther, "the cell could not be run"};
  } else if (const auto unpublished = by_publishing(run, run.cells.front())) {
    out.before = *unpublished;
  }
  if (run.cells.empty()) {
    return out;
  }
  const result::CellResult& cell = run.cells.front();
  out.behind = by_flight(cell).value_or(TrialVerdict{});
  out.server_share = server_share(cell);
  out.own_lag_ns = own_lag(run, cell);
  if (const auto* const shortage = find_shortage(run)) {
    out.shortage = shortage->text;
  }
  keep_metrics(out, run, cell);
  return out;
}

TrialVerdict judge_figures(const TrialFigures& figures,
                           const std::vector<plan::Threshold>& bounds) {
  if (figures.before.outcome != Outcome::kHeld) {
    return figures.before;
  }
  const plan::Threshold* unjudged = nullptr;
  for (const auto& bound : bounds) {
    const auto* metric = result::find_threshold_metric(bound.metric);
    const auto actual = metric == nullptr ? std::nullopt : value_in(figures.metrics, metric->name);
    const auto limit = metric == nullptr ? std::nullopt : limit_of(bound, *metric, figures);
    if (!actual || !limit) {
      unjudged = unjudged == nullptr ? &bound : unjudged;
    } else if (!result::holds(*actual, bound.op, *limit)) {
      return crossed_verdict(figures, bound, *metric, *actual, *limit);
    }
  }
  if (figures.behind.outcome != Outcome::kHeld) {
    return figures.behind;
  }
  if (unjudged != nullptr) {
    return {Outcome::kGenerator, Cause::kGenerator,
            unjudged->text + " cannot be judged: too few events were measured"};
  }
  return {};
}

TrialVerdict judge_trial(const result::RunResult& run) {
  return judge_figures(figures_of(run), run.scenario.thresholds);
}

}  // namespace pushbench::study
