// The three charts of a run, from its cells: latency by percentile, bytes per delivery by layer,
// sockets over time. Empty when the run has no figures for one. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <string>
#include <vector>

namespace pushbench::reports {

std::string percentile_chart(const result::RunResult& run);
std::string bytes_chart(const result::RunResult& run);
std::string sockets_chart(const result::RunResult& run);

std::vector<std::string> cell_names(const result::RunResult& run);

}  // namespace pushbench::reports
