// What other tools are told of a run: one figure a scenario, cell and metric, with the names under
// which their histories keep it. Repeats of a cell, and runs of one scenario, are takes of one
// subject: its figure is the median of the takes and its bounds are the lowest and the highest;
// of a single take a latency percentile has its 95 % interval (stats/interval.h) and other metrics
// have no bounds. Pure.
#pragma once

#include "reports/export.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pushbench::reports {

// "chat", "polling/interval=1s,new-connection": letters, digits and ._=,#/+:- ; whatever else a
// file holds becomes a dash. At most kLongestName bytes, never empty.
inline constexpr std::size_t kLongestName = 160;
std::string stable_name(std::string_view text);

// "latency-p99-ns": the metric's key in kebab-case.
std::string metric_key(const result::Metric& metric);
std::string_view unit_symbol(const result::Metric& metric);  // "ns", "B", "1/s", "1"

struct Take {
  const result::RunResult* run;
  const result::CellResult* cell;
};

struct Subject {
  std::string scenario;  // both of them stable names
  std::string cell;
  std::vector<Take> takes;
  std::string name() const { return scenario + "/" + cell; }
};

// In the order in which they first appear.
std::vector<Subject> subjects_of(Runs runs);

struct Figure {
  double value = 0;
  std::optional<std::pair<double, double>> bounds = {};
};
// nullopt when no take has the metric.
std::optional<Figure> figure_of(const std::vector<Take>& takes, const result::Metric& metric);

// The metrics that the options leave, in the table's order.
std::vector<const result::Metric*> metrics_of(const ExportOptions& options);

}  // namespace pushbench::reports
