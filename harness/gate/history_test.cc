#include "harness/gate/history.h"

#include "harness/gate/made_facts.h"

#include <gtest/gtest.h>

namespace pushbench::gate {
namespace {

const Gated kLatency{.metric = result::find_metric("latency_p50_ns"), .least_effect = 0.05};

// Runs one after the other, whose metrics scatter; from `at` on the median is higher.
Arm made_history(std::size_t runs, std::size_t at, double factor) {
  Random random(5);
  Arm arm{.name = "kept", .runs = {}};
  for (std::size_t i = 0; i < runs; ++i) {
    auto metrics = usual_metrics();
    metrics["latency_p50_ns"].level *= i >= at ? factor : 1;
    auto run = made_arm(metrics, 1, random).runs[0];
    run.started_utc = "2026-11-" + std::to_string(10 + i) + "T00:00:00Z";
    run.tool_commit = "c" + std::to_string(i);
    arm.runs.push_back(run);
  }
  return arm;
}

const HistorySeries& series_named(const History& history, std::string_view metric) {
  for (const auto& series : history.series) {
    if (series.gated.metric->name == metric) {
      return series;
    }
  }
  ADD_FAILURE() << metric;
  return history.series.at(0);
}

TEST(History, FindsWhereASeriesChangedAndInWhichDirection) {
  const auto history = history_of(made_history(24, 14, 1.2), default_policy());
  EXPECT_EQ(history.runs, 24U);
  const auto& series = series_named(history, "latency_p50_ns");
  ASSERT_EQ(series.points.size(), 24U);
  ASSERT_EQ(series.changes.size(), 1U);
  const auto& change = series.changes[0];
  EXPECT_EQ(change.at, 14U);
  EXPECT_EQ(series.points[change.at].commit, "c14");
  EXPECT_TRUE(change.worse);
  EXPECT_NEAR(change.after / change.before, 1.2, 0.05);
  EXPECT_TRUE(series_named(history, "bytes_per_delivery").changes.empty());
}

TEST(History, WhatIsSmallerThanTheLeastEffectIsNoChange) {
  std::vector<double> values(20, 100.0);
  std::fill(values.begin() + 10, values.end(), 104.0);
  EXPECT_TRUE(changes_of(values, kLatency).empty());
  std::fill(values.begin() + 10, values.end(), 106.0);
  EXPECT_EQ(changes_of(values, kLatency).size(), 1U);
}

TEST(History, LessIsWorseOfWhatMoreIsBetterOf) {
  std::vector<double> values(20, 100.0);
  std::fill(values.begin() + 10, values.end(), 50.0);
  const Gated rate{.metric = result::find_metric("received_per_s"), .least_effect = 0.05};
  EXPECT_TRUE(changes_of(values, rate).at(0).worse);
  EXPECT_FALSE(changes_of(values, kLatency).at(0).worse);
}

TEST(History, RunsThatAreNotValidAreLeftOutAndCounted) {
  auto arm = made_history(8, 8, 1);
  arm.runs[2].invalid = true;
  const auto history = history_of(arm, default_policy());
  EXPECT_EQ(history.runs, 7U);
  EXPECT_EQ(history.left_out, 1U);
  EXPECT_EQ(series_named(history, "latency_p50_ns").points.size(), 7U);
}

TEST(History, RepeatsOfARunAreTheirMedian) {
  Arm arm{.name = "kept", .runs = {made_run(made_cell({{"latency_p50_ns", 1}}))}};
  for (const double value : {3.0, 9.0}) {
    arm.runs[0].cells["websocket"].push_back(made_cell({{"latency_p50_ns", value}}));
  }
  EXPECT_EQ(series_named(history_of(arm, default_policy()), "latency_p50_ns").points.at(0).value,
            3);
}

TEST(History, KeepsTheLatestPoints) {
  Arm arm{.name = "kept", .runs = {}};
  for (std::size_t i = 0; i < kMostPoints + 5; ++i) {
    arm.runs.push_back(made_run(made_cell({{"bytes_per_delivery", 132.0}}), std::to_string(i)));
  }
  const auto history = history_of(arm, default_policy());
  EXPECT_EQ(history.runs, kMostPoints);
  EXPECT_EQ(history.series.at(0).points.at(0).file, "5");
}

}  // namespace
}  // namespace pushbench::gate
