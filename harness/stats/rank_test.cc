#include "harness/stats/rank_test.h"

#include "harness/base/check.h"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace pushbench::stats {
namespace {

constexpr double kPower = 0.9;

struct Ranked {
  std::vector<std::size_t> twice_a;    // twice the midranks of the first sample, whole numbers
  std::vector<std::size_t> twice_all;  // of both
  double tie_sum = 0;                  // t³ - t over the groups of equal values
};

Ranked rank(std::span<const double> a, std::span<const double> b) {
  PUSHBENCH_CHECK(!a.empty() && !b.empty());
  struct Entry {
    double value;
    bool first;
  };
  std::vector<Entry> pooled;
  for (const double value : a) {
    pooled.push_back({value, true});
  }
  for (const double value : b) {
    pooled.push_back({value, false});
  }
  std::sort(pooled.begin(), pooled.end(),
            [](const Entry& x, const Entry& y) { return x.value < y.value; });
  Ranked out;
  for (std::size_t from = 0; from < pooled.size();) {
    std::size_t to = from;
    while (to < pooled.size() && pooled[to].value == pooled[from].value) {
      ++to;
    }
    const auto ties = static_cast<double>(to - from);
    out.tie_sum += ties * (ties * ties - 1);
    for (std::size_t i = from; i < to; ++i) {
      const std::size_t twice = from + 1 + to;  // the ranks from + 1 to `to` have this double mean
      out.twice_all.push_back(twice);
      if (pooled[i].first) {
        out.twice_a.push_back(twice);
      }
    }
    from = to;
  }
  return out;
}

std::size_t total(const std::vector<std::size_t>& ranks) {
  std::size_t sum = 0;
  for (const std::size_t rank : ranks) {
    sum += rank;
  }
  return sum;
}

double u_of(const Ranked& ranked) {
  const auto n = static_cast<double>(ranked.twice_a.size());
  return static_cast<double>(total(ranked.twice_a)) / 2 - n * (n + 1) / 2;
}

// Number of subsets of `size` of the doubled ranks, by their sum.
std::vector<double> subsets_by_sum(const std::vector<std::size_t>& ranks, std::size_t size) {
  const std::size_t most = total(ranks);
  std::vector<std::vector<double>> counts(size + 1, std::vector<double>(most + 1, 0.0));
  counts[0][0] = 1;
  std::size_t taken = 0;
  std::size_t reach = 0;
  for (const std::size_t rank : ranks) {
    taken = std::min(taken + 1, size);
    reach += rank;
    for (std::size_t k = taken; k >= 1; --k) {
      for (std::size_t sum = reach; sum >= rank; --sum) {
        counts[k][sum] += counts[k - 1][sum - rank];
      }
    }
  }
  return counts[size];
}

// Two-sided, of a sum among all that could have come.
double exact_p(const std::vector<double>& counts, std::size_t seen) {
  double below = 0;
  double above = 0;
  double all = 0;
  for (std::size_t sum = 0; sum < counts.size(); ++sum) {
    all += counts[sum];
    below += sum <= seen ? counts[sum] : 0;
    above += sum >= seen ? counts[sum] : 0;
  }
  return std::min(1.0, 2 * std::min(below, above) / all);
}

double normal_p(double off, double variance) {
  if (!(variance > 0)) {  // all values are equal
    return 1;
  }
  const double z = (std::abs(off) - 0.5) / std::sqrt(variance);
  return std::clamp(std::erfc(z / std::sqrt(2.0)), 0.0, 1.0);
}

// Sums of one of each.
std::vector<double> added(const std::vector<double>& some, const std::vector<double>& others) {
  std::vector<double> out(some.size() + others.size() - 1, 0.0);
  for (std::size_t i = 0; i < some.size(); ++i) {
    for (std::size_t k = 0; some[i] > 0 && k < others.size(); ++k) {
      out[i + k] += some[i] * others[k];
    }
  }
  return out;
}

double mean_of(const RankBlock& block) {
  double sum = 0;
  for (const auto* values : {&block.a, &block.b}) {
    for (const double value : *values) {
      sum += value;
    }
  }
  return sum / static_cast<double>(block.a.size() + block.b.size());
}

// Ranks among the aligned values of all blocks, block by block.
std::vector<Ranked> rank_in_blocks(std::span<const RankBlock> blocks) {
  struct Entry {
    double value;
    std::size_t block;
    bool first;
  };
  std::vector<Entry> pooled;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const double mean = mean_of(blocks[i]);
    for (const double value : blocks[i].a) {
      pooled.push_back({value - mean, i, true});
    }
    for (const double value : blocks[i].b) {
      pooled.push_back({value - mean, i, false});
    }
  }
  std::sort(pooled.begin(), pooled.end(),
            [](const Entry& x, const Entry& y) { return x.value < y.value; });
  std::vector<Ranked> out(blocks.size());
  for (std::size_t from = 0; from < pooled.size();) {
    std::size_t to = from;
    while (to < pooled.size() && pooled[to].value == pooled[from].value) {
      ++to;
    }
    for (std::size_t i = from; i < to; ++i) {
      auto& block = out[pooled[i].block];
      block.twice_all.push_back(from + 1 + to);
      if (pooled[i].first) {
        block.twice_a.push_back(from + 1 + to);
      }
    }
    from = to;
  }
  return out;
}

// Of the sum of a block's ranks in the first sample, if any split of them is as likely: that of
// drawing without replacement.
struct Moments {
  double mean = 0, variance = 0;
};
Moments moments_of(const Ranked& block) {
  const auto n = static_cast<double>(block.twice_a.size());
  const auto all = static_cast<double>(block.twice_all.size());
  const double mean = static_cast<double>(total(block.twice_all)) / 2 / all;
  double squares = 0;
  for (const std::size_t twice : block.twice_all) {
    squares += std::pow(static_cast<double>(twice) / 2 - mean, 2);
  }
  return {.mean = n * mean, .variance = n * (all - n) / (all * (all - 1)) * squares};
}

}  // namespace

RankTest mann_whitney_exact(std::span<const double> a, std::span<const double> b) {
  const Ranked ranked = rank(a, b);
  const auto counts = subsets_by_sum(ranked.twice_all, a.size());
  return {.u = u_of(ranked), .p = exact_p(counts, total(ranked.twice_a))};
}

RankTest mann_whitney_normal(std::span<const double> a, std::span<const double> b) {
  const Ranked ranked = rank(a, b);
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  const double all = n + m;
  const double u = u_of(ranked);
  const double variance = n * m / 12 * (all + 1 - ranked.tie_sum / (all * (all - 1)));
  return {.u = u, .p = normal_p(u - n * m / 2, variance)};
}

RankTest mann_whitney(std::span<const double> a, std::span<const double> b) {
  return a.size() + b.size() <= kMostExact ? mann_whitney_exact(a, b) : mann_whitney_normal(a, b);
}

RankTest rank_test_in_blocks(std::span<const RankBlock> blocks) {
  PUSHBENCH_CHECK(!blocks.empty());
  if (blocks.size() == 1) {
    return mann_whitney(blocks[0].a, blocks[0].b);
  }
  std::size_t first = 0;
  std::size_t all = 0;
  std::size_t seen = 0;
  Moments sum;
  const auto ranked = rank_in_blocks(blocks);
  for (const auto& block : ranked) {
    PUSHBENCH_CHECK(!block.twice_a.empty() && block.twice_a.size() < block.twice_all.size());
    first += block.twice_a.size();
    all += block.twice_all.size();
    seen += total(block.twice_a);
    const auto moments = moments_of(block);
    sum.mean += moments.mean;
    sum.variance += moments.variance;
  }
  const auto n = static_cast<double>(first);
  const double ranks = static_cast<double>(seen) / 2;
  RankTest out{.u = ranks - n * (n + 1) / 2, .p = normal_p(ranks - sum.mean, sum.variance)};
  if (all <= kMostExact) {
    std::vector<double> counts{1.0};
    for (const auto& block : ranked) {
      counts = added(counts, subsets_by_sum(block.twice_all, block.twice_a.size()));
    }
    out.p = exact_p(counts, seen);
  }
  return out;
}

std::optional<double> median_ratio(std::span<const double> base, std::span<const double> head) {
  std::vector<double> differences;
  differences.reserve(base.size() * head.size());
  for (const double from : base) {
    for (const double to : head) {
      if (!(from > 0 && to > 0 && std::isfinite(from) && std::isfinite(to))) {
        return std::nullopt;
      }
      differences.push_back(to / from);
    }
  }
  if (differences.empty()) {
    return std::nullopt;
  }
  // The median of logarithms is the logarithm of the median: only an even number needs a mean.
  const auto middle = differences.begin() + static_cast<std::ptrdiff_t>(differences.size() / 2);
  std::nth_element(differences.begin(), middle, differences.end());
  if (differences.size() % 2 == 1) {
    return *middle;
  }
  return std::sqrt(*middle * *std::max_element(differences.begin(), middle));
}

std::optional<double> values_needed(double share, double p) {
  const double off = std::abs(share - 0.5);
  if (!(off > 0) || !(p > 0 && p < 1)) {
    return std::nullopt;
  }
  const boost::math::normal standard;
  const double z = quantile(complement(standard, p / 2)) + quantile(standard, kPower);
  return z * z / (6 * off * off);
}

}  // namespace pushbench::stats
