#include "harness/stats/e_divisive.h"

#include "harness/base/random.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace pushbench::stats {
namespace {

// Distances between the values of one segment, so that an order costs no power of its own.
class Distances {
 public:
  Distances(std::span<const double> values, double exponent)
      : size_(values.size()), between_(size_ * size_) {
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j < size_; ++j) {
        const double distance = std::abs(values[i] - values[j]);
        between_[i * size_ + j] = exponent == 1 ? distance : std::pow(distance, exponent);
      }
    }
  }
  std::size_t size() const noexcept { return size_; }
  const double* row(std::size_t i) const noexcept { return &between_[i * size_]; }

 private:
  std::size_t size_;
  std::vector<double> between_;
};

double pairs(std::size_t n) {
  return static_cast<double>(n) * static_cast<double>(n - 1) / 2;
}

// Scaled energy distance of n values to m others: equation (6) of the paper, its sums given.
double scaled(std::size_t n, std::size_t m, double between, double within_n, double within_m) {
  const auto a = static_cast<double>(n);
  const auto b = static_cast<double>(m);
  const double energy = 2 / (a * b) * between - within_n / pairs(n) - within_m / pairs(m);
  return a * b / (a + b) * energy;
}

// The greatest over all cuts of the values in the given order. All sums move with the cut: what it
// passes leaves the right side and joins the left.
class Cuts {
 public:
  Cuts(const Distances& distances, const std::vector<std::size_t>& order, std::size_t least)
      : distances_(distances),
        order_(order),
        least_(least),
        size_(order.size()),
        to_left_(size_, 0.0),
        within_right_(size_, 0.0) {
    for (std::size_t end = 1; end < size_; ++end) {
      const double* row = distances_.row(order_[end]);
      double sum = 0;
      for (std::size_t k = 0; k < end; ++k) {
        sum += row[order_[k]];
      }
      within_right_[end] = within_right_[end - 1] + sum;
    }
  }

  ChangePoint best() {
    ChangePoint best;
    for (std::size_t cut = 1; cut + least_ <= size_; ++cut) {
      pass(cut - 1);
      if (cut >= least_) {
        look_behind(cut, best);
      }
    }
    return best;
  }

 private:
  void pass(std::size_t value) {
    within_left_ += to_left_[value];
    const double* row = distances_.row(order_[value]);
    double sum = 0;
    for (std::size_t k = value + 1; k < size_; ++k) {
      const double distance = row[order_[k]];
      sum += distance;
      to_left_[k] += distance;
      within_right_[k] -= sum;
    }
  }

  void look_behind(std::size_t cut, ChangePoint& best) const {
    double between = 0;
    for (std::size_t end = cut; end < size_; ++end) {
      between += to_left_[end];
      const std::size_t right = end + 1 - cut;
      if (right < least_) {
        continue;
      }
      const double statistic = scaled(cut, right, between, within_left_, within_right_[end]);
      if (statistic > best.statistic) {
        best = {.at = cut, .statistic = statistic, .p = 1};
      }
    }
  }

  const Distances& distances_;
  const std::vector<std::size_t>& order_;
  const std::size_t least_, size_;
  std::vector<double> to_left_;  // of each value: the sum of distances to those left of the cut
  std::vector<double> within_right_;  // of the values from the cut to each
  double within_left_ = 0;
};

ChangePoint best_of(const Distances& distances,
                    const std::vector<std::size_t>& order,
                    std::size_t least) {
  return Cuts(distances, order, least).best();
}

std::vector<std::size_t> in_order(std::size_t size) {
  std::vector<std::size_t> order(size);
  for (std::size_t i = 0; i < size; ++i) {
    order[i] = i;
  }
  return order;
}

// Stops as soon as the p-value cannot come out significant any more.
double permutation_p(const Distances& distances,
                     double statistic,
                     const EDivisive& how,
                     Random& random) {
  auto order = in_order(distances.size());
  const double trials = how.permutations + 1.0;
  std::uint32_t reached = 0;
  for (std::uint32_t i = 0; i < how.permutations; ++i) {
    random.shuffle(order);
    reached += best_of(distances, order, how.least_segment).statistic >= statistic ? 1U : 0U;
    if ((reached + 1) / trials > how.significance) {
      break;
    }
  }
  return (reached + 1) / trials;
}

struct Segment {
  std::size_t from, to;
};

}  // namespace

ChangePoint best_cut(std::span<const double> series, const EDivisive& how) {
  if (how.least_segment < 2 || series.size() < 2 * how.least_segment) {
    return {};
  }
  const Distances distances(series, how.exponent);
  return best_of(distances, in_order(series.size()), how.least_segment);
}

std::vector<ChangePoint> e_divisive(std::span<const double> series, const EDivisive& how) {
  std::vector<ChangePoint> found;
  std::vector<Segment> open{{0, series.size()}};
  Random random(how.seed);
  while (!open.empty()) {
    const Segment segment = open.back();
    open.pop_back();
    const auto part = series.subspan(segment.from, segment.to - segment.from);
    ChangePoint cut = best_cut(part, how);
    if (!(cut.statistic > 0)) {
      continue;
    }
    cut.p = permutation_p(Distances(part, how.exponent), cut.statistic, how, random);
    if (cut.p > how.significance) {
      continue;
    }
    cut.at += segment.from;
    found.push_back(cut);
    open.push_back({segment.from, cut.at});
    open.push_back({cut.at, segment.to});
  }
  std::sort(found.begin(), found.end(),
            [](const ChangePoint& a, const ChangePoint& b) { return a.at < b.at; });
  return found;
}

}  // namespace pushbench::stats
