// Thresholds of a scenario against the metrics of its cells. A metric that is absent cannot be
// judged: it is neither held nor crossed, and the process ends as for an invalid measurement. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/result/metrics.h"
#include "harness/result/run_result.h"

#include <string_view>
#include <vector>

namespace pushbench::result {

// A threshold's spelling or a metric's own name. Dots and dashes count as underscores, "p99.9" as
// "p999", and the units ns and bytes may be left out: "latency.p99", "lost",
// "server.cpu-per-delivery". "rate" is received_per_s.
const Metric* find_threshold_metric(std::string_view spelling) noexcept;

// Before a run: every metric is known, and its limit is written in the metric's unit. A failure
// names file:line and what was expected.
Result<void> check_thresholds(const plan::Scenario& scenario);

// What the scenario asks of this metric in a cell, from what fell due in its measure window: of
// received_per_s ("rate"), delivered and published; nullopt of all others, and of a cell that was
// interrupted, since what fell due in the rest of its window was never owed.
std::optional<double> target_of(const Metric& metric,
                                const plan::Scenario& scenario,
                                const CellResult& cell);

bool holds(double actual, plan::Threshold::Op op, double limit);

// Every threshold against every cell. An unknown metric is a usage failure that names file:line and
// the nearest.
Result<std::vector<ThresholdResult>> judge_thresholds(const plan::Scenario& scenario,
                                                      const std::vector<CellResult>& cells);

}  // namespace pushbench::result
