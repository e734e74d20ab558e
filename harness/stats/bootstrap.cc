#include "harness/stats/bootstrap.h"

#include "harness/base/check.h"
#include "harness/stats/rank_test.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

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

constexpr int kRedraws = 32;  // of each run, to learn how much scatters within it

double variance_of(const std::vector<double>& values) {
  if (values.size() < 2) {
    return 0;
  }
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  return squares / (count - 1);
}

// One side of the ratio. All values are kept as logarithms.
class DrawnArm {
 public:
  // `usable` becomes false at a value that has no logarithm.
  DrawnArm(std::span<const DrawnRun> runs, Random& random, bool& usable) : runs_(runs) {
    double within = 0;
    for (const auto& run : runs) {
      usable = usable && run.value > 0 && std::isfinite(run.value);
      levels_.push_back(std::log(run.value));
      within += run.redraw ? inner_variance(run, random, usable) : 0;
    }
    within /= static_cast<double>(runs.size());
    const double seen = variance_of(levels_);
    const double between = std::max(0.0, seen - within);
    shrink_towards_middle(seen > 0 ? std::sqrt(between / seen) : 1);
  }

  // False: a drawn value is not above 0.
  bool draw(Random& random, std::vector<double>& out) const {
    out.clear();
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const auto which = random.below(runs_.size());
      const DrawnRun& run = runs_[which];
      const double factor = run.redraw ? run.redraw(random) / run.value : 1;
      out.push_back(std::exp(levels_[which]) * factor);
      if (!(factor > 0)) {
        return false;
      }
    }
    return true;
  }

 private:
  static double inner_variance(const DrawnRun& run, Random& random, bool& usable) {
    std::vector<double> logs;
    for (int i = 0; i < kRedraws; ++i) {
      const double value = run.redraw(random);
      usable = usable && value > 0;
      logs.push_back(std::log(value));
    }
    return variance_of(logs);
  }

  void shrink_towards_middle(double factor) {
    const double middle = median_of(levels_);
    for (double& level : levels_) {
      level = middle + factor * (level - middle);
    }
  }

  std::span<const DrawnRun> runs_;
  std::vector<double> levels_;
};

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
  bool usable = true;
  const DrawnArm base_arm(base, random, usable);
  const DrawnArm head_arm(head, random, usable);
  std::vector<double> base_drawn;
  std::vector<double> head_drawn;
  std::vector<double> ratios;
  ratios.reserve(how.times);
  for (std::uint32_t i = 0; i < how.times && usable; ++i) {
    usable = base_arm.draw(random, base_drawn) && head_arm.draw(random, head_drawn);
    ratios.push_back(usable ? median_ratio(base_drawn, head_drawn).value_or(0) : 0);
  }
  if (!usable) {
    return std::nullopt;
  }
  std::sort(ratios.begin(), ratios.end());
  const double tail = expanded_tail(how.confidence, std::min(base.size(), head.size()));
  return Bounds{.low = sorted_quantile(ratios, tail), .high = sorted_quantile(ratios, 1 - tail)};
}

}  // namespace pushbench::stats
