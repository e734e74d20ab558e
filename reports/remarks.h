// Lines below a table, for what fits no column. Pure; the texts are raw.
#pragma once

#include "harness/result/run_result.h"

#include <string>
#include <vector>

namespace pushbench::reports {

// What the tool itself adds, where latencies are so small that it matters.
inline constexpr double kFloorMatters = 10;  // times the floor's median, or less
std::vector<std::string> floor_remark(const result::RunResult& run);

// "polling/interval=1s: cut: reset 3, timeout 1", a line a cell that had faults.
std::vector<std::string> fault_remarks(const result::RunResult& run);

// How much text of events a byte of payload brought, where compression was asked for.
std::vector<std::string> compression_remark(const result::RunResult& run);

}  // namespace pushbench::reports
