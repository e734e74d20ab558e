#include "harness/study/least_squares.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

using State = Estimate::State;

TEST(LeastSquares, ExactDataGivesTheConstantsBack) {
  std::vector<std::vector<double>> rows;
  std::vector<double> y;
  for (const double n : {100.0, 400.0, 900.0}) {
    for (const double r : {10.0, 50.0}) {
      rows.push_back({1, n, r});
      y.push_back(0.25 + 3e-4 * n + 2e-3 * r);
    }
  }
  const auto fit = least_squares(rows, y, std::vector<double>(y.size(), 1));
  ASSERT_EQ(fit.constants.size(), 3U);
  EXPECT_NEAR(fit.constants[0].value, 0.25, 1e-12);
  EXPECT_NEAR(fit.constants[1].value, 3e-4, 1e-14);
  EXPECT_NEAR(fit.constants[2].value, 2e-3, 1e-13);
  EXPECT_EQ(fit.degrees, 3U);
  EXPECT_NEAR(fit.fitted[5], y[5], 1e-12);
}

// Longley's way of checking: a textbook line. x = 1..5, y = 2,4,5,4,5: slope 0.6, intercept 2.2,
// s² = 2.4/3 = 0.8, standard error of the slope sqrt(0.8/10) = 0.2828.
TEST(LeastSquares, IntervalsAreThoseOfATextbookLine) {
  const auto fit =
      least_squares({{1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}}, {2, 4, 5, 4, 5}, {1, 1, 1, 1, 1});
  ASSERT_EQ(fit.constants.size(), 2U);
  EXPECT_NEAR(fit.constants[0].value, 2.2, 1e-12);
  EXPECT_NEAR(fit.constants[1].value, 0.6, 1e-12);
  EXPECT_NEAR(student_t(3), 3.182446, 1e-6);
  EXPECT_NEAR(fit.constants[1].high, 0.6 + 3.182446 * 0.282843, 1e-5);
  EXPECT_EQ(fit.constants[1].low, 0);  // 0.6 - 0.9 would be a negative cost
}

TEST(LeastSquares, ColumnsThatMoveTogetherAreNotToldApart) {
  std::vector<std::vector<double>> rows;
  std::vector<double> y;
  for (const double n : {1.0, 2.0, 3.0, 4.0, 5.0}) {
    rows.push_back({n, 2 * n});
    y.push_back(7 * n);
  }
  const auto fit = least_squares(rows, y, std::vector<double>(y.size(), 1));
  ASSERT_EQ(fit.constants.size(), 2U);
  EXPECT_EQ(fit.constants[0].state, State::kFitted);
  EXPECT_NEAR(fit.constants[0].value, 7, 1e-9);
  EXPECT_EQ(fit.constants[1].state, State::kInseparable);
  EXPECT_FALSE(fit.constants[1].value > 0);
}

TEST(LeastSquares, ANegativeCostIsHeldAtZero) {
  const auto fit =
      least_squares({{1, 1}, {1, 2}, {1, 3}, {1, 4}}, {0.9, 2.1, 2.9, 4.0}, {1, 1, 1, 1});
  ASSERT_EQ(fit.constants.size(), 2U);
  const auto held =
      least_squares({{1, 1}, {1, 2}, {1, 3}, {1, 4}}, {0.5, 1.9, 3.1, 4.5}, {1, 1, 1, 1});
  EXPECT_EQ(held.constants[0].state, State::kHeldAtZero);
  EXPECT_NEAR(held.constants[1].value, (0.5 + 3.8 + 9.3 + 18) / 30, 1e-12);
  EXPECT_EQ(held.degrees, 3U);
}

TEST(LeastSquares, TooFewRowsGiveNothing) {
  EXPECT_TRUE(least_squares({{1, 1}, {1, 2}}, {1, 2}, {1, 1}).constants.empty());
  EXPECT_TRUE(least_squares({}, {}, {}).constants.empty());
}

// 95 of 100 intervals hold the truth: with 400 draws 4.5 standard deviations are 5 %.
TEST(LeastSquares, IntervalsHoldTheTruthAsOftenAsTheySay) {
  Random random(7);
  int holds = 0;
  constexpr int kDraws = 400;
  for (int draw = 0; draw < kDraws; ++draw) {
    std::vector<std::vector<double>> rows;
    std::vector<double> y;
    for (int i = 1; i <= 8; ++i) {
      rows.push_back({1, static_cast<double>(i)});
      y.push_back(10 + 2.0 * i + random.normal());
    }
    const auto fit = least_squares(rows, y, std::vector<double>(8, 1));
    holds += fit.constants[1].low <= 2 && fit.constants[1].high >= 2 ? 1 : 0;
  }
  EXPECT_GE(holds, kDraws * 90 / 100);
  EXPECT_LT(holds, kDraws);
}

}  // namespace
}  // namespace pushbench::study
