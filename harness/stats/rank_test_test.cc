#include "harness/stats/rank_test.h"

#include "harness/base/random.h"
#include "harness/stats/golden_cases.h"

#include <gtest/gtest.h>

namespace pushbench::stats {
namespace {

TEST(MannWhitney, AgreesWithScipyExactAndNormalWithTiesAndFewValues) {
  const auto cases = golden_cases("mann_whitney");
  ASSERT_GE(cases.size(), 15U);
  for (const auto& one : cases) {
    const auto a = golden_numbers(one.at("a"));
    const auto b = golden_numbers(one.at("b"));
    const auto exact = mann_whitney_exact(a, b);
    const auto normal = mann_whitney_normal(a, b);
    EXPECT_DOUBLE_EQ(exact.u, one.at("u").to_number<double>()) << one;
    EXPECT_DOUBLE_EQ(normal.u, exact.u);
    EXPECT_NEAR(exact.p, one.at("exact_p").to_number<double>(), 1e-12) << one;
    EXPECT_NEAR(normal.p, one.at("normal_p").to_number<double>(), 1e-12) << one;
  }
}

TEST(MannWhitney, TakesTheExactTestWhileTheSamplesAreFew) {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t i = 0; i < kMostExact / 2; ++i) {
    a.push_back(static_cast<double>(2 * i));
    b.push_back(static_cast<double>(2 * i + 7));
  }
  EXPECT_EQ(mann_whitney(a, b).p, mann_whitney_exact(a, b).p);
  b.push_back(100);
  EXPECT_EQ(mann_whitney(a, b).p, mann_whitney_normal(a, b).p);
  EXPECT_NE(mann_whitney(a, b).p, mann_whitney_exact(a, b).p);
}

TEST(MannWhitney, EqualValuesSayNothing) {
  const std::vector<double> same(6, 132.0);
  EXPECT_EQ(mann_whitney(same, same).p, 1);
  EXPECT_EQ(mann_whitney_normal(same, same).p, 1);
  EXPECT_EQ(mann_whitney(same, same).u, 18);
}

TEST(MedianRatio, AgreesWithAllPairs) {
  for (const auto& one : golden_cases("median_ratio")) {
    const auto ratio = median_ratio(golden_numbers(one.at("base")), golden_numbers(one.at("head")));
    ASSERT_TRUE(ratio);
    EXPECT_NEAR(*ratio, one.at("ratio").to_number<double>(), 1e-12);
  }
}

TEST(MedianRatio, NeedsValuesAboveZero) {
  const std::vector<double> fine{1, 2};
  const std::vector<double> zero{0, 2};
  EXPECT_FALSE(median_ratio(fine, zero));
  EXPECT_FALSE(median_ratio(zero, fine));
  EXPECT_FALSE(median_ratio(fine, {}));
}

// By simulation: with so many values about nine tests in ten find the shift.
TEST(ValuesNeeded, IsWhatTheTestTakes) {
  const double shift = 1;  // of normal draws of deviation 1: P(a < b) = Phi(1 / sqrt 2)
  const double share = 0.7602499;
  const auto needed = values_needed(share, 0.01);
  ASSERT_TRUE(needed);
  const auto n = static_cast<std::size_t>(*needed) + 1;
  EXPECT_GT(n, 20U);
  EXPECT_LT(n, 60U);
  Random random(3);
  int found = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> a(n);
    std::vector<double> b(n);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = random.normal();
      b[i] = random.normal() + shift;
    }
    found += mann_whitney(a, b).p < 0.01 ? 1 : 0;
  }
  EXPECT_GT(found, kTrials * 8 / 10);
  EXPECT_LT(found, kTrials * 97 / 100);
}

TEST(ValuesNeeded, KnowsNoNumberForNoDifference) {
  EXPECT_FALSE(values_needed(0.5, 0.01));
  EXPECT_FALSE(values_needed(0.9, 0));
}

}  // namespace
}  // namespace pushbench::stats
