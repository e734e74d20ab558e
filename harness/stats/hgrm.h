// The percentile distribution text of the HdrHistogram family (.hgrm): Value, Percentile,
// TotalCount, 1/(1-Percentile), then the summary lines that its plotters look for. Layout and steps
// after HdrHistogram's outputPercentileDistribution. Mean and maximum are the exact ones where the
// histogram knows them. Pure, any thread.
#pragma once

#include "harness/stats/histogram.h"

#include <string>

namespace pushbench::stats {

// `ticks_per_half` steps per halving of the distance to 100 % (HdrHistogram's default is 5; 1 to
// 1,000); values are divided by `unit_ns` (1e6 prints milliseconds).
std::string to_hgrm(const Histogram& histogram, int ticks_per_half = 5, double unit_ns = 1e6);

}  // namespace pushbench::stats
