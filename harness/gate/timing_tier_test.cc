#include "harness/gate/timing_tier.h"

#include "harness/gate/made_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::gate {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMetric = "latency_p50_ns";

struct Sides {
  std::vector<CellFacts> base, head;
};

std::vector<CellFacts> cells(const std::vector<double>& values, std::string_view metric = kMetric) {
  std::vector<CellFacts> out;
  for (const double value : values) {
    out.push_back(made_cell({{std::string(metric), value}}));
  }
  return out;
}

std::vector<Row> rows_of(const Sides& sides, std::string_view metric) {
  CellPair pair{.cell = "websocket", .base = {}, .head = {}};
  for (const auto& cell : sides.base) {
    pair.base.push_back(&cell);
  }
  for (const auto& cell : sides.head) {
    pair.head.push_back(&cell);
  }
  return timing_rows(
      {{.pair = &pair, .gated = {.metric = result::find_metric(metric), .least_effect = 0.05}}},
      default_policy());
}

Row judged(const Sides& sides, std::string_view metric = kMetric) {
  const auto rows = rows_of(sides, metric);
  EXPECT_EQ(rows.size(), 1U);
  return rows.empty() ? Row() : rows[0];
}

const std::vector<double> kHundreds{98, 99, 99.5, 100, 100.4, 100.9, 101, 101.5, 102, 97.5};

std::vector<double> times(double factor) {
  std::vector<double> out;
  for (const double value : kHundreds) {
    out.push_back(value * factor);
  }
  return out;
}

// Significant, and too small to matter.
TEST(TimingTier, LessThanTheLeastEffectIsNoRegressionHoweverSure) {
  const auto row = judged({cells(kHundreds), cells(times(1.045))});
  EXPECT_GT(*row.low, 1);
  EXPECT_LT(*row.adjusted_p, 0.01);
  EXPECT_EQ(row.found, Found::kUndecided);
}

TEST(TimingTier, ToldApartWhenTheEffectIsBeyondTheLeastOne) {
  const auto slower = judged({cells(kHundreds), cells(times(1.2))});
  EXPECT_EQ(slower.found, Found::kWorse);
  EXPECT_TRUE(slower.regression());
  EXPECT_EQ(found_name(slower), "slower");
  EXPECT_NEAR(*slower.ratio, 1.2, 0.01);
  EXPECT_GT(*slower.low, 1);
  EXPECT_LT(*slower.adjusted_p, 0.01);

  const auto faster = judged({cells(kHundreds), cells(times(0.8))});
  EXPECT_EQ(faster.found, Found::kBetter);
  EXPECT_EQ(found_name(faster), "faster");
  EXPECT_FALSE(faster.open);
}

TEST(TimingTier, MoreIsBetterOfARate) {
  const std::string_view rate = "received_per_s";
  EXPECT_EQ(judged({cells(kHundreds, rate), cells(times(0.8), rate)}, rate).found, Found::kWorse);
  const auto faster = judged({cells(kHundreds, rate), cells(times(1.2), rate)}, rate);
  EXPECT_EQ(faster.found, Found::kBetter);
  EXPECT_EQ(found_name(faster), "faster");
}

TEST(TimingTier, AnEffectWithinTheLeastOneIsTheSame) {
  const auto row = judged({cells(kHundreds), cells(times(1.01))});
  EXPECT_EQ(row.found, Found::kSame);
  EXPECT_FALSE(row.open);
  EXPECT_FALSE(row.runs_needed);
}

TEST(TimingTier, WhatCrossesTheLeastEffectIsOpenAndSaysHowManyRunsWouldDecide) {
  const auto row = judged({cells(kHundreds), cells(times(1.04))});
  EXPECT_EQ(row.found, Found::kUndecided);
  EXPECT_TRUE(row.open);
  ASSERT_TRUE(row.runs_needed);
  EXPECT_GT(*row.runs_needed, 10U);
}

// Better or the same is open, a regression is not: that decides the gate.
TEST(TimingTier, IsNotOpenWhenNoRegressionIsLeft) {
  const auto row = judged({cells(kHundreds), cells(times(0.96))});
  EXPECT_EQ(row.found, Found::kUndecided);
  EXPECT_FALSE(row.open);
  EXPECT_THAT(row.note, HasSubstr("no regression"));
}

TEST(TimingTier, FewRunsDecideNothingHoweverFarApart) {
  const auto row = judged({cells({100, 101, 102}), cells({200, 201, 202})});
  EXPECT_EQ(row.found, Found::kUndecided);
  EXPECT_TRUE(row.open);
  EXPECT_THAT(row.note, HasSubstr("fewer than 5 runs"));
  EXPECT_GE(*row.runs_needed, kLeastRuns);
}

TEST(TimingTier, EqualFiguresAreTheSameWithAnyNumberOfRuns) {
  EXPECT_EQ(judged({cells({132}), cells({132})}).found, Found::kSame);
}

TEST(TimingTier, MeasuredInOneSideAloneIsOpenAndInNoneIsNoRow) {
  const auto row = judged({cells(kHundreds), {}});
  EXPECT_EQ(row.found, Found::kUndecided);
  EXPECT_TRUE(row.open);
  EXPECT_THAT(row.note, HasSubstr("no run of the head"));

  EXPECT_TRUE(rows_of({}, kMetric).empty());
}

TEST(TimingTier, ValuesWithoutALogarithmHaveNoRatio) {
  const auto row = judged({cells({0, 1, 2, 3, 4}), cells({1, 2, 3, 4, 5})});
  EXPECT_EQ(row.found, Found::kUndecided);
  EXPECT_FALSE(row.open);
  EXPECT_THAT(row.note, HasSubstr("not above 0"));
}

// 2 / C(2n, n): 0.1 of 3 and 3 runs, 0.0079 of 5 and 5, 1.08e-5 of 10 and 10.
TEST(TimingTier, KnowsTheLeastRunsForALevel) {
  EXPECT_EQ(least_runs_for(0.11), 3U);
  EXPECT_EQ(least_runs_for(0.01), 5U);
  EXPECT_EQ(least_runs_for(1.1e-5), 10U);
  EXPECT_EQ(least_runs_for(1.08e-5), 11U);
}

}  // namespace
}  // namespace pushbench::gate
