// The three charts of a run, from its cells: latency by percentile, bytes per delivery by layer,
// sockets over time. Empty when the run has no figures for one. Pure.
#pragma once

#include "harness/result/run_result.h"
#include "reports/chart.h"

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

std::string percentile_chart(const result::RunResult& run);
std::string bytes_chart(const result::RunResult& run);
std::string sockets_chart(const result::RunResult& run);

std::vector<std::string> cell_names(const result::RunResult& run);

// For charts over time: a line of a series on axes that end at these values, the largest finite
// value (0 without one), and ticks at round steps.
Line over_time(const result::Series& series,
               const std::vector<double>& values,
               double end,
               double most);
double largest(const std::vector<double>& values);
std::vector<Tick> linear_ticks(const std::vector<double>& steps, std::string_view unit);

}  // namespace pushbench::reports
