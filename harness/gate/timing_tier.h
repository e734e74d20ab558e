// The tier of what scatters. A metric of a cell is worse when three things hold together: its ratio
// is at least the least effect, the hierarchical bootstrap interval of the ratio excludes that
// nothing changed, and the rank test (within blocks of runs that were made in turn) is significant
// after Holm over all gated metrics. It is the
// same when the interval lies wholly within the least effect. Everything else is inconclusive, with
// the number of runs that would decide. Never pooled: a run is one value. Pure.
#pragma once

#include "harness/gate/counted_tiers.h"
#include "harness/gate/policy.h"

#include <optional>
#include <vector>

namespace pushbench::gate {

inline constexpr std::size_t kLeastRuns = 5;        // of a side; fewer decide nothing
inline constexpr std::uint32_t kMostNeeded = 1000;  // runs of a side; more are not worth naming

struct TimingCase {
  const CellPair* pair = nullptr;
  Gated gated;
  double noise = 0;  // floor of this machine, 0: not known
};

// A row for each case that either side has values of, in their order.
std::vector<Row> timing_rows(const std::vector<TimingCase>& cases, const Policy& policy);

// The least runs of each side with which the rank test can be significant at all at this level.
std::uint32_t least_runs_for(double p);

}  // namespace pushbench::gate
