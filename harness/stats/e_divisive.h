// Where a series changes: E-divisive (Matteson and James, "A nonparametric approach for multiple
// change point analysis of multivariate data", JASA 2014). The energy distance between what is
// before and what is behind a place, greatest over all places and over how far what is behind
// reaches, is held against that of the same values in random order; where it is significant the
// series is cut, and both parts are looked at again. Knows nothing of the values' distribution;
// finds a change of scatter as well as one of level. O(n²) for each order that is tried. Seeded;
// pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pushbench::stats {

struct EDivisive {
  double exponent = 1;            // of the distances, in (0, 2)
  std::size_t least_segment = 5;  // values between two changes
  double significance = 0.01;
  std::uint32_t permutations = 999;
  std::uint64_t seed = 1;
};

struct ChangePoint {
  std::size_t at = 0;    // the first value of what is new
  double statistic = 0;  // the scaled energy distance there
  double p = 1;
};

// In the order of the series. REQUIRES: no NaN.
std::vector<ChangePoint> e_divisive(std::span<const double> series, const EDivisive& how = {});

// The best place to cut the whole series once, without asking whether that is significant; `p` is
// 1. {0, 0} when the series is shorter than two segments.
ChangePoint best_cut(std::span<const double> series, const EDivisive& how);

}  // namespace pushbench::stats
