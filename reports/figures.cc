#include "reports/figures.h"

#include "harness/stats/bootstrap.h"
#include "harness/stats/interval.h"

#include <algorithm>

namespace pushbench::reports {
namespace {

using result::Metric;
using result::Unit;

bool is_latency_percentile(const Metric& metric) {
  return metric.quantile > 0 && metric.name.starts_with("latency_p");
}

std::optional<std::pair<double, double>> bounds_of(const Take& take, const Metric& metric) {
  if (!is_latency_percentile(metric)) {
    return std::nullopt;
  }
  const auto interval =
      stats::quantile_interval(take.cell->latency, metric.quantile, take.cell->events_measured);
  if (!interval) {
    return std::nullopt;
  }
  return std::pair(static_cast<double>(interval->first.count()),
                   static_cast<double>(interval->second.count()));
}

}  // namespace

std::string stable_name(std::string_view text) {
  constexpr std::string_view kSigns = "._=,#/+:-";
  std::string out;
  for (const char c : text.substr(0, kLongestName)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kSigns.find(c) != std::string_view::npos;
    out += plain ? c : '-';
  }
  // A spreadsheet takes a text with one of these in front for a formula.
  const bool formula = !out.empty() && std::string_view("=+-").find(out[0]) != std::string::npos;
  return out.empty() ? "unnamed" : formula ? "x" + out.substr(1) : out;
}

std::string metric_key(const Metric& metric) {
  std::string key(metric.name);
  std::replace(key.begin(), key.end(), '_', '-');
  return key;
}

std::string_view unit_symbol(const Metric& metric) {
  switch (metric.unit) {
    case Unit::kNanos: return "ns";
    case Unit::kBytes: return "B";
    case Unit::kPerSecond: return "1/s";
    case Unit::kCount:
    case Unit::kRatio: break;
  }
  return "1";
}

std::vector<Subject> subjects_of(Runs runs) {
  std::vector<Subject> out;
  for (const auto& run : runs) {
    for (const auto& cell : run.cells) {
      Subject subject{.scenario = stable_name(run.scenario.name),
                      .cell = stable_name(cell.name),
                      .takes = {{&run, &cell}}};
      const auto found = std::find_if(out.begin(), out.end(), [&subject](const Subject& one) {
        return one.scenario == subject.scenario && one.cell == subject.cell;
      });
      if (found == out.end()) {
        out.push_back(std::move(subject));
      } else {
        found->takes.push_back(subject.takes.front());
      }
    }
  }
  return out;
}

std::optional<Figure> figure_of(const std::vector<Take>& takes, const Metric& metric) {
  std::vector<double> values;
  for (const auto& take : takes) {
    if (const auto value = metric.read(*take.cell)) {
      values.push_back(*value);
    }
  }
  if (values.empty()) {
    return std::nullopt;
  }
  if (values.size() > 1) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return Figure{.value = stats::median_of(values), .bounds = std::pair(*least, *most)};
  }
  return Figure{.value = values.front(),
                .bounds = takes.size() == 1 ? bounds_of(takes.front(), metric) : std::nullopt};
}

std::vector<const Metric*> metrics_of(const ExportOptions& options) {
  std::vector<const Metric*> out;
  const auto& only = options.metrics;
  for (const auto& metric : result::metrics()) {
    if (only.empty() || std::find(only.begin(), only.end(), &metric) != only.end()) {
      out.push_back(&metric);
    }
  }
  return out;
}

}  // namespace pushbench::reports
