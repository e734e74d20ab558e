#include "harness/result/thresholds.h"

#include "harness/base/nearest.h"
#include "harness/base/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace pushbench::result {
namespace {

using Op = plan::Threshold::Op;

std::string without_unit(const std::string& name) {
  std::string out;
  for (std::size_t at = 0; at <= name.size();) {
    const auto end = std::min(name.find('_', at), name.size());
    const auto word = name.substr(at, end - at);
    if (word != "ns" && word != "bytes") {
      out += (out.empty() ? "" : "_") + word;
    }
    at = end + 1;
  }
  return out;
}

std::string normal(std::string_view spelling) {
  if (spelling == "rate") {
    return "received_per_s";
  }
  std::string name(spelling);
  std::replace(name.begin(), name.end(), '.', '_');
  std::replace(name.begin(), name.end(), '-', '_');
  if (const auto at = name.find("p99_9"); at != std::string::npos) {
    name.erase(at + 3, 1);
  }
  return name;
}

// "chat.yaml:7:14: thresholds[1]: ". A threshold keeps its text as it was written, so that the
// column is where that text stands in its line. One of a command line stands in no line.
std::string place_of(const plan::Scenario& scenario, const plan::Threshold& threshold) {
  if (threshold.line == 0) {
    return printable(scenario.origin) + ": ";
  }
  std::string place = printable(scenario.origin) + ":" + std::to_string(threshold.line);
  std::string_view row = scenario.text;
  for (int line = 1; line < threshold.line && !row.empty(); ++line) {
    row.remove_prefix(std::min(row.find('\n'), row.size() - 1) + 1);
  }
  const auto column = row.substr(0, row.find('\n')).find(threshold.text);
  if (column != std::string_view::npos) {
    place += ":" + std::to_string(column + 1);
  }
  const auto number = &threshold - scenario.thresholds.data();
  return place + ": thresholds[" + std::to_string(number) + "]: ";
}

// The metric's names as thresholds spell them, so that the nearest one can be taken over as it is.
Failure unknown_metric(const plan::Scenario& scenario, const plan::Threshold& threshold) {
  std::vector<std::string> spellings;
  for (const auto& metric : metrics()) {
    spellings.push_back(without_unit(std::string(metric.name)));
  }
  const std::vector<std::string_view> known(spellings.begin(), spellings.end());
  const std::string wanted = without_unit(normal(threshold.metric));
  const auto found = nearest(wanted, known);
  return usage(place_of(scenario, threshold) + "'" + printable(threshold.metric) +
               "' is no metric" +
               (found.empty() ? "; reports/README.md lists them"
                              : ", did you mean '" + std::string(found) + "'?"));
}

// The unit that a limit on this metric must be written with.
std::string_view unit_of_limit(const Metric& metric) {
  switch (metric.unit) {
    case Unit::kNanos: return "a duration such as 20ms";
    case Unit::kBytes: return "a size such as 200B";
    case Unit::kPerSecond: return "a rate such as 100/s, or a number";
    case Unit::kCount:
    case Unit::kRatio: break;
  }
  return "a number";
}

constexpr std::array<std::string_view, 3> kWithTarget{"received_per_s", "delivered", "published"};

bool has_target(const Metric& metric) {
  return std::find(kWithTarget.begin(), kWithTarget.end(), metric.name) != kWithTarget.end();
}

bool fits(const Metric& metric, const plan::Threshold& threshold) {
  using Kind = plan::Threshold::Kind;
  if (threshold.kind == Kind::kTarget) {
    return has_target(metric);
  }
  if (threshold.kind == Kind::kNumber && threshold.limit == 0) {
    return true;
  }
  switch (metric.unit) {
    case Unit::kNanos: return threshold.kind == Kind::kDuration;
    case Unit::kBytes: return threshold.kind == Kind::kBytes;
    case Unit::kPerSecond: return threshold.kind == Kind::kRate || threshold.kind == Kind::kNumber;
    case Unit::kCount:
    case Unit::kRatio: break;
  }
  return threshold.kind == Kind::kNumber;
}

Failure wrong_unit(const plan::Scenario& scenario,
                   const plan::Threshold& threshold,
                   const Metric& metric) {
  const std::string what = place_of(scenario, threshold) + "'" + printable(threshold.text) + "': ";
  if (threshold.kind == plan::Threshold::Kind::kTarget) {
    return usage(what + "the scenario sets no target for " + std::string(metric.name) +
                 ", only for rate, delivered and published");
  }
  return usage(what + std::string(metric.name) + " is compared with " +
               std::string(unit_of_limit(metric)));
}

}  // namespace

bool holds(double actual, Op op, double limit) {
  switch (op) {
    case Op::kLess: return actual < limit;
    case Op::kLessEqual: return actual <= limit;
    case Op::kEqual: return actual == limit;
    case Op::kGreaterEqual: return actual >= limit;
    case Op::kGreater: return actual > limit;
  }
  return false;
}

const Metric* find_threshold_metric(std::string_view spelling) noexcept {
  const std::string name = normal(spelling);
  if (const auto* metric = find_metric(name)) {
    return metric;
  }
  for (const auto& metric : metrics()) {
    if (without_unit(std::string(metric.name)) == name) {
      return &metric;
    }
  }
  return nullptr;
}

Result<void> check_thresholds(const plan::Scenario& scenario) {
  for (const auto& threshold : scenario.thresholds) {
    const auto* metric = find_threshold_metric(threshold.metric);
    if (metric == nullptr) {
      return unknown_metric(scenario, threshold);
    }
    if (!fits(*metric, threshold)) {
      return wrong_unit(scenario, threshold, *metric);
    }
  }
  for (const auto& figure : scenario.published) {
    const auto* metric = find_threshold_metric(figure.says.metric);
    const bool known = metric != nullptr && figure.says.kind != plan::Threshold::Kind::kTarget;
    if (!known || !fits(*metric, figure.says)) {
      return usage(printable(scenario.origin) + ":" + std::to_string(figure.says.line) +
                   ": published: '" + printable(figure.says.text) + "' " +
                   (metric == nullptr ? "names no metric; reports/README.md lists them"
                                      : "has the unit of another metric"));
    }
  }
  return {};
}

std::optional<double> target_of(const Metric& metric,
                                const plan::Scenario& scenario,
                                const CellResult& cell) {
  if (!has_target(metric) || !cell.finished || !(cell.measure_s > 0)) {
    return std::nullopt;
  }
  const auto due = static_cast<double>(cell.events_measured);
  if (metric.name == "published") {
    return due;
  }
  const auto published = static_cast<double>(cell.counters[Counter::kPublished]);
  const auto expected = static_cast<double>(cell.counters[Counter::kExpected]);
  const double each = published > 0 && expected > 0
                          ? expected / published
                          : static_cast<double>(scenario.subscriptions()) /
                                std::max<std::uint32_t>(1, scenario.topics);
  return metric.name == "delivered" ? due * each : due * each / cell.measure_s;
}

namespace {

ThresholdResult judge(const plan::Threshold& threshold,
                      const Metric& metric,
                      const plan::Scenario& scenario,
                      const CellResult& cell) {
  ThresholdResult out{.text = threshold.text, .cell = cell.label()};
  double limit = threshold.limit;
  if (threshold.kind == plan::Threshold::Kind::kTarget) {
    const auto target = target_of(metric, scenario, cell);
    if (!target) {
      return out;
    }
    limit *= *target;
  }
  out.wanted = limit;
  out.actual = metric.read(cell);
  out.crossed = out.actual && !holds(*out.actual, threshold.op, limit);
  return out;
}

}  // namespace

Result<std::vector<ThresholdResult>> judge_thresholds(const plan::Scenario& scenario,
                                                      const std::vector<CellResult>& cells) {
  std::vector<ThresholdResult> out;
  for (const auto& threshold : scenario.thresholds) {
    const auto* metric = find_threshold_metric(threshold.metric);
    if (metric == nullptr) {
      return unknown_metric(scenario, threshold);
    }
    for (const auto& cell : cells) {
      out.push_back(judge(threshold, *metric, scenario, cell));
    }
  }
  return out;
}

}  // namespace pushbench::result
