#include "harness/stats/rank_test.h"

#include "harness/base/check.h"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace pushbench::stats {
namespace {

constexpr double kPower = 0.9;

// Two samples, and what is taken off their values.
struct Block {
  std::span<const double> a, b;
  double level = 0;
};

struct Ranked {
  std::vector<std::size_t> twice_a;    // twice the midranks of the first sample, whole numbers
  std::vector<std::size_t> twice_all;  // of both
};

// Ranks among the values of all blocks, block by block.
std::vector<Ranked> rank(const std::vector<Block>& blocks) {
  struct Entry {
    double value;
    std::size_t block;
    bool first;
  };
  std::vector<Entry> pooled;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto& [a, b, level] = blocks[i];
    PUSHBENCH_CHECK(!a.empty() && !b.empty());
    for (const double value : a) {
      pooled.push_back({value - level, i, true});
    }
    for (const double value : b) {
      pooled.push_back({value - level, i, false});
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
      const std::size_t twice = from + 1 + to;  // the ranks from + 1 to `to` have this double mean
      auto& block = out[pooled[i].block];
      block.twice_all.push_back(twice);
      if (pooled[i].first) {
        block.twice_a.push_back(twice);
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
  const double sum = std::accumulate(block.a.begin(), block.a.end(), 0.0) +
                     std::accumulate(block.b.begin(), block.b.end(), 0.0);
  return sum / static_cast<double>(block.a.size() + block.b.size());
}

struct FirstSample {
  std::size_t values = 0, twice_ranks = 0;
  double u() const {
    const auto n = static_cast<double>(values);
    return static_cast<double>(twice_ranks) / 2 - n * (n + 1) / 2;
  }
};
FirstSample first_of(const std::vector<Ranked>& blocks) {
  FirstSample out;
  for (const auto& block : blocks) {
    out.values += block.twice_a.size();
    out.twice_ranks += total(block.twice_a);
  }
  return out;
}

// The place of the sum of ranks among all that the splits within the blocks could give.
RankTest exact_test(const std::vector<Ranked>& blocks) {
  const auto seen = first_of(blocks);
  std::vector<double> counts{1.0};
  for (const auto& block : blocks) {
    counts = added(counts, subsets_by_sum(block.twice_all, block.twice_a.size()));
  }
  double below = 0;
  double above = 0;
  double all = 0;
  for (std::size_t sum = 0; sum < counts.size(); ++sum) {
    all += counts[sum];
    below += sum <= seen.twice_ranks ? counts[sum] : 0;
    above += sum >= seen.twice_ranks ? counts[sum] : 0;
  }
  return {.u = seen.u(), .p = std::min(1.0, 2 * std::min(below, above) / all)};
}

// The sum of ranks of a block has the moments of drawing from them without replacement, which hold
// with ties.
RankTest normal_test(const std::vector<Ranked>& blocks) {
  const auto seen = first_of(blocks);
  double off = static_cast<double>(seen.twice_ranks) / 2;
  double variance = 0;
  for (const auto& block : blocks) {
    const auto n = static_cast<double>(block.twice_a.size());
    const auto all = static_cast<double>(block.twice_all.size());
    const double mean = static_cast<double>(total(block.twice_all)) / 2 / all;
    double squares = 0;
    for (const std::size_t twice : block.twice_all) {
      squares += std::pow(static_cast<double>(twice) / 2 - mean, 2);
    }
    off -= n * mean;
    variance += n * (all - n) / (all * (all - 1)) * squares;
  }
  if (!(variance > 0)) {  // all values are equal
    return {.u = seen.u(), .p = 1};
  }
  const double z = (std::abs(off) - 0.5) / std::sqrt(variance);
  return {.u = seen.u(), .p = std::clamp(std::erfc(z / std::sqrt(2.0)), 0.0, 1.0)};
}

}  // namespace

RankTest mann_whitney_exact(std::span<const double> a, std::span<const double> b) {
  return exact_test(rank({{.a = a, .b = b}}));
}

RankTest mann_whitney_normal(std::span<const double> a, std::span<const double> b) {
  return normal_test(rank({{.a = a, .b = b}}));
}

RankTest mann_whitney(std::span<const double> a, std::span<const double> b) {
  return a.size() + b.size() <= kMostExact ? mann_whitney_exact(a, b) : mann_whitney_normal(a, b);
}

RankTest rank_test_in_blocks(std::span<const RankBlock> blocks) {
  PUSHBENCH_CHECK(!blocks.empty());
  if (blocks.size() == 1) {  // nothing to align, and no rounding
    return mann_whitney(blocks[0].a, blocks[0].b);
  }
  std::vector<Block> aligned;
  aligned.reserve(blocks.size());
  std::size_t values = 0;
  for (const auto& block : blocks) {
    aligned.push_back({.a = block.a, .b = block.b, .level = mean_of(block)});
    values += block.a.size() + block.b.size();
  }
  const auto ranked = rank(aligned);
  return values <= kMostExact ? exact_test(ranked) : normal_test(ranked);
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
