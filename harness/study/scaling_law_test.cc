#include "harness/study/scaling_law.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

double usl(double n, double g, double a, double b) {
  return g * n / (1 + a * (n - 1) + b * n * (n - 1));
}

std::vector<ScalingPoint> synthetic(double a, double b, double noise = 0, std::uint64_t seed = 1) {
  Random random(seed);
  std::vector<ScalingPoint> out;
  for (const double n : {1.0, 2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0}) {
    out.push_back({n, usl(n, 140'000, a, b) * (1 + noise * random.normal())});
  }
  return out;
}

TEST(ScalingLaw, SyntheticPointsGiveTheirConstantsBack) {
  const auto law = fit_scaling(synthetic(0.03, 0.0004));
  ASSERT_TRUE(law);
  EXPECT_NEAR(law->single, 140'000, 1);
  EXPECT_NEAR(law->contention.value, 0.03, 1e-9);
  EXPECT_NEAR(law->coherency.value, 0.0004, 1e-11);
  ASSERT_TRUE(law->best_n());
  EXPECT_NEAR(*law->best_n(), std::sqrt(0.97 / 0.0004), 1e-3);
  EXPECT_EQ(law->largest_n, 32);
  EXPECT_LT(law->residual_worst, 1e-9);
}

TEST(ScalingLaw, WithTwoPercentOfNoiseTheIntervalHoldsTheContention) {
  int holds = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto law = fit_scaling(synthetic(0.05, 0.001, 0.02, seed));
    ASSERT_TRUE(law);
    EXPECT_NEAR(law->throughput(16) / usl(16, 140'000, 0.05, 0.001), 1, 0.06);
    holds += law->contention.low <= 0.05 && law->contention.high >= 0.05 ? 1 : 0;
  }
  EXPECT_GE(holds, 16);
}

TEST(ScalingLaw, WhatScalesEvenlyHasNoBest) {
  const auto law = fit_scaling(synthetic(0, 0));
  ASSERT_TRUE(law);
  EXPECT_NEAR(law->gain(32), 32, 1e-6);
  EXPECT_FALSE(law->best_n() && *law->best_n() < 1e5);
}

TEST(ScalingLaw, FewerThanSixPointsAreRefused) {
  auto points = synthetic(0.03, 0.0004);
  points.resize(5);
  const auto law = fit_scaling(points);
  ASSERT_FALSE(law);
  EXPECT_EQ(law.error().code, ExitCode::kUsage);
  EXPECT_NE(law.error().text.find("at least 6 points"), std::string::npos) << law.error().text;
}

TEST(ScalingLaw, SixPointsAtThreeSizesAreRefusedToo) {
  std::vector<ScalingPoint> points;
  for (const double n : {1.0, 2.0, 4.0}) {
    points.push_back({n, usl(n, 100, 0.1, 0)});
    points.push_back({n, usl(n, 101, 0.1, 0)});
  }
  EXPECT_FALSE(fit_scaling(points));
  EXPECT_FALSE(fit_scaling({{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}}));
}

}  // namespace
}  // namespace pushbench::study
