#include "reports/figures.h"

#include "harness/result/example_result.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace pushbench::reports {
namespace {

using result::find_metric;
using result::RunResult;

TEST(Figures, NamesKeepWhatCellsAreCalledAndLoseTheRest) {
  EXPECT_EQ(stable_name("polling/interval=1s,new-connection"),
            "polling/interval=1s,new-connection");
  EXPECT_EQ(stable_name("websocket#2"), "websocket#2");
  EXPECT_EQ(stable_name("=1+1|\"><\x1b[2J\n"), "x1+1------2J-");
  EXPECT_EQ(stable_name(""), "unnamed");
  EXPECT_EQ(stable_name(std::string(5000, 'a')).size(), kLongestName);
}

// Bencher takes slugs of at most 64 bytes.
TEST(Figures, MetricKeysAreShortKebabCaseAndUnique) {
  std::set<std::string> keys;
  for (const auto& metric : result::metrics()) {
    const auto key = metric_key(metric);
    EXPECT_TRUE(keys.insert(key).second) << key;
    EXPECT_LE(key.size(), 64U);
    EXPECT_EQ(key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos)
        << key;
  }
  EXPECT_EQ(metric_key(*find_metric("latency_p99_ns")), "latency-p99-ns");
}

TEST(Figures, RepeatsAndRunsAreTakesOfOneSubject) {
  const std::vector<RunResult> runs{result::example_result(), result::example_result()};
  const auto subjects = subjects_of(runs);
  ASSERT_EQ(subjects.size(), 6U);
  EXPECT_EQ(subjects[5].name(), "chat/websocket");
  EXPECT_EQ(subjects[5].takes.size(), 2U);
  EXPECT_EQ(subjects[5].takes[1].run, &runs[1]);
}

TEST(Figures, ThePercentileOfOneTakeHasItsInterval) {
  const auto run = result::example_result();
  const auto subject = subjects_of(std::span(&run, 1)).back();
  const auto p99 = figure_of(subject.takes, *find_metric("latency_p99_ns"));
  ASSERT_TRUE(p99 && p99->bounds);
  EXPECT_LE(p99->bounds->first, p99->value);
  EXPECT_GE(p99->bounds->second, p99->value);
  EXPECT_LT(p99->bounds->first, p99->bounds->second);
  const auto bytes = figure_of(subject.takes, *find_metric("bytes_per_delivery"));
  ASSERT_TRUE(bytes);
  EXPECT_FALSE(bytes->bounds);
}

TEST(Figures, OfSeveralTakesTheMedianBetweenLowestAndHighest) {
  std::vector<RunResult> runs(3, result::minimal_result());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].cells[0].counters[result::Counter::kPublished] = 10 * (3 - i);
  }
  const auto* metric = find_metric("published");
  const auto three = figure_of(subjects_of(runs).front().takes, *metric);
  ASSERT_TRUE(three && three->bounds);
  EXPECT_EQ(three->value, 20);
  EXPECT_EQ(*three->bounds, std::pair(10.0, 30.0));
  runs.pop_back();
  EXPECT_EQ(figure_of(subjects_of(runs).front().takes, *metric)->value, 25);
}

TEST(Figures, WhatWasNotMeasuredIsAbsent) {
  const auto run = result::minimal_result();
  EXPECT_FALSE(
      figure_of(subjects_of(std::span(&run, 1)).front().takes, *find_metric("latency_p99_ns")));
}

TEST(Figures, OptionsNarrowTheMetrics) {
  EXPECT_EQ(metrics_of({}).size(), result::metrics().size());
  const auto* lost = find_metric("lost");
  EXPECT_THAT(metrics_of({.metrics = {lost}}), testing::ElementsAre(lost));
}

}  // namespace
}  // namespace pushbench::reports
