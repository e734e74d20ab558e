// The kernel's census of a cell's sockets over time, one small chart a cell, with its phases
// marked. Empty when nobody counted. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <string>

namespace pushbench::reports {

std::string census_charts(const result::RunResult& run);

}  // namespace pushbench::reports
