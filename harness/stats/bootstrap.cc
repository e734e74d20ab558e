#include "harness/stats/bootstrap.h"

#include "harness/base/check.h"
#include "harness/stats/rank_test.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace pushbench::stats {
namespace {

// Sorted values of the statistic.
std::vector<double> replicates(std::span<const double> sample,
                               const Statistic& statistic,
                               const Resampling& how) {
  PUSHBENCH_CHECK(!sample.empty() && how.times > 0);
  Random random(how.seed);
  std::vector<double> drawn(sample.size());
  std::vector<double> out;
  out.reserve(how.times);
  for (std::uint32_t i = 0; i < how.times; ++i) {
    for (auto& value : drawn) {
      value = sample[random.below(sample.size())];
    }
    out.push_back(statistic(drawn));
  }
  std::sort(out.begin(), out.end());
  return out;
}

double sorted_quantile(const std::vector<double>& sorted, double q) {
  const double at = std::clamp(q, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - static_cast<double>(low));
}

// Of the statistic without each value in turn: a sixth of its skewness.
double acceleration(std::span<const double> sample, const Statistic& statistic) {
  std::vector<double> left_out;
  for (std::size_t skip = 0; skip < sample.size(); ++skip) {
    std::vector<double> rest(sample.begin(), sample.end());
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(skip));
    left_out.push_back(statistic(rest));
  }
  double mean = 0;
  for (const double value : left_out) {
    mean += value / static_cast<double>(left_out.size());
  }
  double squares = 0;
  double cubes = 0;
  for (const double value : left_out) {
    squares += (mean - value) * (mean - value);
    cubes += (mean - value) * (mean - value) * (mean - value);
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

// Hesterberg's level of one tail for `n` values.
double expanded_tail(double confidence, std::size_t n) {
  if (n < 2) {
    return (1 - confidence) / 2;
  }
  const auto count = static_cast<double>(n);
  const double t = quantile(
      complement(boost::math::students_t_distribution<double>(count - 1), (1 - confidence) / 2));
  return cdf(boost::math::normal(), -std::sqrt(count / (count - 1)) * t);
}

void draw_arm(std::span<const DrawnRun> runs, Random& random, std::vector<double>& out) {
  out.clear();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const DrawnRun& run = runs[random.below(runs.size())];
    out.push_back(run.redraw ? run.redraw(random) : run.value);
  }
}

}  // namespace

double quantile_of(std::vector<double>& values, double q) {
  PUSHBENCH_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  return sorted_quantile(values, q);
}

double median_of(std::vector<double> values) {
  return quantile_of(values, 0.5);
}

Bounds percentile_interval(std::span<const double> sample,
                           const Statistic& statistic,
                           const Resampling& how) {
  const auto drawn = replicates(sample, statistic, how);
  const double tail = (1 - how.confidence) / 2;
  return {.low = sorted_quantile(drawn, tail), .high = sorted_quantile(drawn, 1 - tail)};
}

Bounds bca_interval(std::span<const double> sample,
                    const Statistic& statistic,
                    const Resampling& how) {
  const auto drawn = replicates(sample, statistic, how);
  const double seen = statistic(sample);
  const auto times = static_cast<double>(drawn.size());
  const auto below =
      static_cast<double>(std::lower_bound(drawn.begin(), drawn.end(), seen) - drawn.begin());
  const auto up_to =
      static_cast<double>(std::upper_bound(drawn.begin(), drawn.end(), seen) - drawn.begin());
  const boost::math::normal standard;
  // Half of the replicates that equal the estimate; kept inside (0, 1), where the quantile is.
  const double share = std::clamp((below + up_to) / 2 / times, 0.5 / times, 1 - 0.5 / times);
  const double bias = quantile(standard, share);
  const double skew = acceleration(sample, statistic);
  const auto level = [&](double tail) {
    const double z = bias + quantile(standard, tail);
    return cdf(standard, bias + z / (1 - skew * z));
  };
  const double tail = (1 - how.confidence) / 2;
  return {.low = sorted_quantile(drawn, level(tail)),
          .high = sorted_quantile(drawn, level(1 - tail))};
}

std::optional<Bounds> ratio_interval(std::span<const DrawnRun> base,
                                     std::span<const DrawnRun> head,
                                     const Resampling& how) {
  PUSHBENCH_CHECK(!base.empty() && !head.empty() && how.times > 0);
  Random random(how.seed);
  std::vector<double> base_drawn;
  std::vector<double> head_drawn;
  std::vector<double> ratios;
  ratios.reserve(how.times);
  for (std::uint32_t i = 0; i < how.times; ++i) {
    draw_arm(base, random, base_drawn);
    draw_arm(head, random, head_drawn);
    const auto ratio = median_ratio(base_drawn, head_drawn);
    if (!ratio) {
      return std::nullopt;
    }
    ratios.push_back(*ratio);
  }
  std::sort(ratios.begin(), ratios.end());
  const double tail = expanded_tail(how.confidence, std::min(base.size(), head.size()));
  return Bounds{.low = sorted_quantile(ratios, tail), .high = sorted_quantile(ratios, 1 - tail)};
}

}  // namespace pushbench::stats
