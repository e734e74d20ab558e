// A run's value of a metric drawn anew from what is within the run, for the hierarchical bootstrap.
// A quantile of n independent draws: the order statistic whose rank is binomial (n, q), which is
// what drawing the n values again comes to (Efron 1979, "Bootstrap methods", section 3). A ratio
// over seconds: the seconds are drawn again. Pure; deterministic for a seed.
#pragma once

#include "harness/gate/facts.h"
#include "harness/stats/bootstrap.h"

#include <string_view>

namespace pushbench::gate {

inline constexpr std::size_t kLeastSeconds = 3;  // with fewer, a run is its value

// REQUIRES: the cell has the metric. The result refers to `cell`.
stats::DrawnRun drawn_run(const CellFacts& cell, std::string_view metric);

// Successes in n trials; by the normal approximation where n is large.
std::uint64_t binomial_draw(Random& random, std::uint64_t n, double p);

}  // namespace pushbench::gate
