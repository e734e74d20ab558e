// Closed forms beside the figures that were measured: one table a metric, one row a cell. The
// interval holds 99 runs of 100. Pure.
#pragma once

#include "reports/topics.h"

#include <vector>

namespace pushbench::reports {

std::vector<Table> predicted_tables(const result::RunResult& run, Extent extent);

}  // namespace pushbench::reports
