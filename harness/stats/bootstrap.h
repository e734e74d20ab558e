// Intervals by drawing a sample again from itself (Efron and Tibshirani, "An Introduction to the
// Bootstrap", 1993, chapters 13 and 14: percentile and BCa). For the ratio of two arms the drawing
// is hierarchical, as the scatter is (Kalibera and Jones, "Rigorous benchmarking in reasonable
// time", 2013): runs are drawn, and of each run its value anew from what is within it. Values of
// runs hold that inner scatter already, so they are first moved together by as much (Davison and
// Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8). The few runs of an arm
// make a plain percentile interval too narrow, so its levels are those of Student's t (Hesterberg,
// "What teachers should know about the bootstrap", 2015, section 5.3). Seeded; pure.
#pragma once

#include "harness/base/random.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace pushbench::stats {

struct Bounds {
  double low = 0, high = 0;
};

struct Resampling {
  std::uint32_t times = 2000;
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

using Statistic = std::function<double(std::span<const double>)>;

// REQUIRES for all: values, none of them NaN.
Bounds percentile_interval(std::span<const double> sample,
                           const Statistic& statistic,
                           const Resampling& how);
Bounds bca_interval(std::span<const double> sample,
                    const Statistic& statistic,
                    const Resampling& how);

// The quantile q of the values between their order statistics (definition 7 of Hyndman and Fan
// 1996); sorts them.
double quantile_of(std::vector<double>& values, double q);
double median_of(std::vector<double> values);

// The value of a run, and how it is drawn anew from within the run; empty: it stays as it is.
struct DrawnRun {
  double value = 0;
  std::function<double(Random&)> redraw = {};
};

// Of median_ratio() (rank_test.h). nullopt when a value, or a drawn one, is not above 0.
std::optional<Bounds> ratio_interval(std::span<const DrawnRun> base,
                                     std::span<const DrawnRun> head,
                                     const Resampling& how);

}  // namespace pushbench::stats
