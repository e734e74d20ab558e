#include "harness/stats/bootstrap.h"

#include "harness/stats/golden_cases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace pushbench::stats {
namespace {

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double middle_of(std::span<const double> values) {
  return median_of({values.begin(), values.end()});
}

// Two generators, so that both ends may be off by what 20,000 draws scatter: of a mean 3 % of the
// width. A median jumps from value to value, BCa beside a jump lands on either side of it.
TEST(Bootstrap, AgreesWithScipy) {
  const Resampling how{.times = 20'000, .confidence = 0.95, .seed = 5};
  for (const auto& one : golden_cases("bootstrap")) {
    const auto sample = golden_numbers(one.at("sample"));
    const bool mean = one.at("statistic").as_string() == "mean";
    const Statistic statistic = mean ? mean_of : middle_of;
    for (const bool bca : {false, true}) {
      const auto wanted = golden_numbers(one.at(bca ? "bca" : "percentile"));
      const auto got =
          bca ? bca_interval(sample, statistic, how) : percentile_interval(sample, statistic, how);
      const double room = (wanted[1] - wanted[0]) * (mean ? 0.03 : 0.1);
      EXPECT_NEAR(got.low, wanted[0], room) << one.at("name") << " " << mean << bca;
      EXPECT_NEAR(got.high, wanted[1], room) << one.at("name") << " " << mean << bca;
    }
  }
}

TEST(Bootstrap, QuantilesLieBetweenOrderStatistics) {
  std::vector<double> values{40, 10, 30, 20};
  EXPECT_EQ(quantile_of(values, 0), 10);
  EXPECT_EQ(quantile_of(values, 0.5), 25);
  EXPECT_EQ(quantile_of(values, 1), 40);
  EXPECT_EQ(median_of({3, 1, 2}), 2);
}

std::vector<DrawnRun> arm(Random& random, std::size_t runs, double level, double scatter) {
  std::vector<DrawnRun> out;
  for (std::size_t i = 0; i < runs; ++i) {
    out.push_back({.value = level * std::exp(scatter * random.normal())});
  }
  return out;
}

// A plain percentile interval of ten runs would hold the truth in about 90 of 100.
TEST(RatioInterval, HoldsTheTruthAsOftenAsItSays) {
  Random random(11);
  int held = 0;
  constexpr int kTrials = 400;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto base = arm(random, 10, 100, 0.04);
    const auto head = arm(random, 10, 110, 0.04);
    const auto bounds =
        ratio_interval(base, head, {.times = 400, .seed = static_cast<std::uint64_t>(trial) + 1});
    ASSERT_TRUE(bounds);
    held += bounds->low <= 1.1 && bounds->high >= 1.1 ? 1 : 0;
  }
  EXPECT_GE(held, kTrials * 93 / 100);
  EXPECT_LE(held, kTrials * 995 / 1000);
}

TEST(RatioInterval, WhatScattersWithinARunWidensIt) {
  Random random(2);
  auto base = arm(random, 10, 100, 0.01);
  const auto head = arm(random, 10, 100, 0.01);
  const auto narrow = ratio_interval(base, head, {});
  for (auto& run : base) {
    run.redraw = [value = run.value](Random& draws) {
      return value * std::exp(0.1 * draws.normal());
    };
  }
  const auto wide = ratio_interval(base, head, {});
  ASSERT_TRUE(narrow && wide);
  EXPECT_GT(wide->high - wide->low, 2 * (narrow->high - narrow->low));
}

// Runs that differ by what is within them alone: drawing both would find twice the variance.
TEST(RatioInterval, CountsWhatScattersWithinARunOnce) {
  Random random(6);
  const auto scattered = arm(random, 40, 100, 0.05);
  auto explained = scattered;
  for (auto& run : explained) {
    run.redraw = [value = run.value](Random& draws) {
      return value * std::exp(0.05 * draws.normal());
    };
  }
  const auto plain = ratio_interval(scattered, scattered, {});
  const auto hierarchical = ratio_interval(explained, explained, {});
  ASSERT_TRUE(plain && hierarchical);
  EXPECT_NEAR((hierarchical->high - hierarchical->low) / (plain->high - plain->low), 1, 0.15);
}

TEST(RatioInterval, IsTheSameForTheSameSeedAndNeedsValuesAboveZero) {
  Random random(4);
  const auto base = arm(random, 5, 100, 0.05);
  auto head = arm(random, 5, 100, 0.05);
  const auto once = ratio_interval(base, head, {.seed = 9});
  const auto again = ratio_interval(base, head, {.seed = 9});
  EXPECT_EQ(once->low, again->low);
  EXPECT_EQ(once->high, again->high);
  head[0].value = 0;
  EXPECT_FALSE(ratio_interval(base, head, {}));
}

TEST(RatioInterval, OfOneRunEachIsAPoint) {
  const std::vector<DrawnRun> base{{.value = 100}};
  const std::vector<DrawnRun> head{{.value = 107}};
  const auto bounds = ratio_interval(base, head, {});
  ASSERT_TRUE(bounds);
  EXPECT_DOUBLE_EQ(bounds->low, 1.07);
  EXPECT_DOUBLE_EQ(bounds->high, 1.07);
}

}  // namespace
}  // namespace pushbench::stats
