#include "harness/stats/interval.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pushbench::stats {
namespace {

using Ranks = std::pair<std::uint64_t, std::uint64_t>;

TEST(Interval, KnowsHowManySamplesAQuantileNeeds) {
  EXPECT_EQ(samples_needed(0.5), 5U);
  EXPECT_EQ(samples_needed(0.95), 59U);
  EXPECT_EQ(samples_needed(0.99), 299U);
  EXPECT_EQ(samples_needed(0.999), 2995U);
  EXPECT_EQ(samples_needed(0.99, 0.99), 459U);
}

TEST(Interval, SamplesNeededIsTheSmallestThatSuffices) {
  for (const double q : {0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999}) {
    for (const double confidence : {0.5, 0.9, 0.95, 0.99}) {
      const auto n = static_cast<double>(samples_needed(q, confidence));
      EXPECT_GE(1 - std::pow(q, n), confidence - 1e-12);
      EXPECT_TRUE(n == 1 || 1 - std::pow(q, n - 1) < confidence);
    }
  }
}

TEST(Interval, SamplesNeededAtTheEdges) {
  constexpr auto kNever = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(samples_needed(0), 1U);
  EXPECT_EQ(samples_needed(-1), 1U);
  EXPECT_EQ(samples_needed(0.9, 0), 1U);
  EXPECT_EQ(samples_needed(1), kNever);
  EXPECT_EQ(samples_needed(0.9, 1), kNever);
  EXPECT_EQ(samples_needed(std::nan("")), kNever);
  EXPECT_EQ(samples_needed(0.9, std::nan("")), kNever);
}

TEST(Interval, RanksAreThoseOfTheTable) {
  EXPECT_EQ(quantile_ranks(10'000, 0.5), Ranks(4902, 5099));
  EXPECT_EQ(quantile_ranks(10'000, 0.99), Ranks(9880, 9921));
  EXPECT_EQ(quantile_ranks(10'000, 0.999), Ranks(9983, 9998));
}

TEST(Interval, HasNoEndsWhenSamplesAreTooFew) {
  EXPECT_EQ(quantile_ranks(1000, 0.999), std::nullopt);
  EXPECT_EQ(quantile_ranks(1000, 0.001), std::nullopt);
  EXPECT_EQ(quantile_ranks(0, 0.5), std::nullopt);
  EXPECT_EQ(quantile_ranks(3, 0.5), std::nullopt);
  EXPECT_EQ(quantile_ranks(100, 0), std::nullopt);
  EXPECT_EQ(quantile_ranks(100, 1), std::nullopt);
  EXPECT_EQ(quantile_ranks(100, std::nan("")), std::nullopt);
  EXPECT_EQ(quantile_ranks(100, 0.5, std::nan("")), std::nullopt);
}

// The probability that a binomial (n, q) lies in [l, u - 1], summed term by term.
double coverage(std::uint64_t n, double q, Ranks ranks) {
  const auto count = static_cast<double>(n);
  double sum = 0;
  for (std::uint64_t i = ranks.first; i < ranks.second; ++i) {
    const auto k = static_cast<double>(i);
    sum += std::exp(std::lgamma(count + 1) - std::lgamma(k + 1) - std::lgamma(count - k + 1) +
                    k * std::log(q) + (count - k) * std::log1p(-q));
  }
  return sum;
}

TEST(Interval, CoversTheQuantileAsOftenAsItSays) {
  for (const std::uint64_t n : {50U, 100U, 1000U, 10'000U, 100'000U}) {
    for (const double q : {0.1, 0.5, 0.9, 0.99, 0.999}) {
      if (const auto ranks = quantile_ranks(n, q)) {
        EXPECT_GE(coverage(n, q, *ranks), 0.95) << n << " " << q;
        EXPECT_LE(coverage(n, q, *ranks), 0.995) << n << " " << q;
      }
    }
  }
}

Histogram one_to(int highest) {
  Histogram histogram;
  for (int value = 1; value <= highest; ++value) {
    histogram.record(Nanos{value});
  }
  return histogram;
}

TEST(Interval, ValuesAreThoseAtTheRanks) {
  const Histogram histogram = one_to(2000);
  for (const double q : {0.1, 0.5, 0.9, 0.99}) {
    const auto ranks = quantile_ranks(2000, q).value();
    const auto values = quantile_interval(histogram, q, 2000).value();
    EXPECT_EQ(values.first, Nanos{static_cast<std::int64_t>(ranks.first)});
    EXPECT_EQ(values.second, Nanos{static_cast<std::int64_t>(ranks.second)});
    EXPECT_LT(values.first, histogram.quantile(q));
    EXPECT_GT(values.second, histogram.quantile(q));
  }
}

TEST(Interval, FewerIndependentDrawsMakeItWider) {
  const Histogram histogram = one_to(2000);
  const auto all = quantile_interval(histogram, 0.9, 2000).value();
  const auto tenth = quantile_interval(histogram, 0.9, 200).value();
  EXPECT_LT(tenth.first, all.first);
  EXPECT_GT(tenth.second, all.second);
  EXPECT_EQ(quantile_interval(histogram, 0.99, 200), std::nullopt);
  EXPECT_EQ(quantile_interval(histogram, 0.9, 1'000'000), all);
  EXPECT_EQ(quantile_interval(Histogram(), 0.5, 1000), std::nullopt);
}

}  // namespace
}  // namespace pushbench::stats
