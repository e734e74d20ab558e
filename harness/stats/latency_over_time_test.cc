#include "harness/stats/latency_over_time.h"

#include <gtest/gtest.h>

#include <chrono>

namespace pushbench::stats {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(LatencyOverTime, EverySecondHasAColumnOfItsOwnWhileThereAreFew) {
  LatencyOverTime times(20);
  EXPECT_EQ(times.column_seconds(), 1U);
  ASSERT_EQ(times.size(), 20U);
  times.record(times.column_of(0), milliseconds(2));
  times.record(times.column_of(19), milliseconds(70));
  times.record(times.column_of(19), milliseconds(71));
  EXPECT_EQ(times.at(0).count(), 1U);
  EXPECT_TRUE(times.at(1).empty());
  EXPECT_EQ(times.at(19).count(), 2U);
  const auto p50 = static_cast<double>(times.at(19).quantile(0.5).count());
  EXPECT_NEAR(p50, 70e6, 70e6 / 16);
}

TEST(LatencyOverTime, LongTimesShareColumns) {
  LatencyOverTime times(3616);
  EXPECT_EQ(times.column_seconds(), 16U);
  ASSERT_EQ(times.size(), 226U);
  times.record(times.column_of(15), milliseconds(1));
  times.record(times.column_of(16), milliseconds(1));
  times.record(times.column_of(3615), milliseconds(1));
  EXPECT_EQ(times.at(0).count(), 1U);
  EXPECT_EQ(times.at(1).count(), 1U);
  EXPECT_EQ(times.at(225).count(), 1U);
  for (const std::size_t seconds : {239U, 240U, 241U, 480U, 481U, 86'400U}) {
    const LatencyOverTime any(seconds);
    EXPECT_LE(any.size(), kMostColumns) << seconds;
    EXPECT_GE(any.size() * any.column_seconds(), seconds);
    EXPECT_LT((any.size() - 1) * any.column_seconds(), seconds);
  }
}

TEST(LatencyOverTime, WhatIsBeyondTheEndCountsNowhere) {
  LatencyOverTime times(2);
  times.record(times.column_of(2), milliseconds(1));
  times.record(times.column_of(1'000'000), milliseconds(1));
  EXPECT_TRUE(times.at(0).empty());
  EXPECT_TRUE(times.at(1).empty());
  LatencyOverTime none;
  EXPECT_EQ(none.size(), 0U);
  none.record(none.column_of(0), milliseconds(1));
}

TEST(LatencyOverTime, EveryLatencyHasABucket) {
  LatencyOverTime times(1);
  const auto column = times.column_of(0);
  for (const Nanos latency : {Nanos(-5), Nanos(0), Nanos(999), Nanos(microseconds(3)),
                              Nanos(hours(1)), Nanos(hours(7)), Nanos::max()}) {
    times.record(column, latency);
  }
  const Histogram all = times.at(0);
  EXPECT_EQ(all.count(), 7U);
  EXPECT_EQ(all.clipped(), 0U);
  EXPECT_EQ(all.max(), Nanos(hours(1)));
}

TEST(LatencyOverTime, MergesCountByCount) {
  LatencyOverTime a(3), b(3), sum;
  a.record(a.column_of(1), milliseconds(1));
  b.record(b.column_of(1), milliseconds(1));
  b.record(b.column_of(2), milliseconds(9));
  sum.merge(a);
  sum.merge(b);
  ASSERT_EQ(sum.size(), 3U);
  EXPECT_TRUE(sum.at(0).empty());
  EXPECT_EQ(sum.at(1).count(), 2U);
  EXPECT_EQ(sum.at(2).count(), 1U);
}

}  // namespace
}  // namespace pushbench::stats
