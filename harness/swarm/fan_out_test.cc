#include "harness/swarm/fan_out.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

plan::PlannedCounts counts(std::uint64_t warmup, std::uint64_t measured) {
  plan::PlannedCounts out;
  out.published = warmup + measured;
  out.measured = measured;
  return out;
}

constexpr TimePoint kAt{hours(5)};

TEST(FanOut, SpreadIsFromTheFirstReceiverToTheLast) {
  FanOut fan_out(counts(10, 20), 1);
  for (const int ms : {7, 3, 12}) {
    fan_out.arrived(10, 0, kAt + milliseconds(ms));
  }
  stats::Histogram spreads;
  fan_out.record_spreads({3}, spreads);
  EXPECT_EQ(spreads.count(), 1U);
  EXPECT_EQ(spreads.max(), milliseconds(9));
}

TEST(FanOut, AnEventThatDidNotReachAllOrHasOneReceiverOnlyHasNone) {
  FanOut fan_out(counts(0, 20), 1);
  fan_out.arrived(1, 0, kAt);
  fan_out.arrived(1, 0, kAt + milliseconds(1));
  fan_out.arrived(2, 1, kAt);
  stats::Histogram spreads;
  fan_out.record_spreads({3, 1}, spreads);
  EXPECT_TRUE(spreads.empty());
}

TEST(FanOut, WorkersMergeToWhatOneWouldHaveSeen) {
  FanOut a(counts(0, 20), 1);
  FanOut b(counts(0, 20), 1);
  FanOut one(counts(0, 20), 1);
  for (std::uint64_t i = 0; i < 20; ++i) {
    for (int receiver = 0; receiver < 5; ++receiver) {
      const TimePoint at = kAt + milliseconds((static_cast<int>(i) * 7 + receiver * 13) % 31);
      (receiver % 2 == 0 ? a : b).arrived(i, 0, at);
      one.arrived(i, 0, at);
    }
  }
  a.merge(b);
  stats::Histogram merged;
  stats::Histogram whole;
  a.record_spreads({5}, merged);
  one.record_spreads({5}, whole);
  EXPECT_EQ(merged.count(), 20U);
  EXPECT_TRUE(merged == whole);
}

// However long the run, and wherever the seed begins: every 2^k-th event, all in bounds.
TEST(FanOut, TheSampleIsBoundedAndTheSameForAll) {
  for (const std::uint64_t measured : {1ULL, 65'535ULL, 65'536ULL, 65'537ULL, 1'000'003ULL}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      FanOut fan_out(counts(100, measured), seed);
      EXPECT_LE(fan_out.size(), FanOut::kSample + 1);
      for (std::uint64_t i = 0; i < measured; ++i) {
        fan_out.arrived(100 + i, 0, kAt);
        fan_out.arrived(100 + i, 0, kAt + milliseconds(1));
      }
      stats::Histogram spreads;
      fan_out.record_spreads({2}, spreads);
      EXPECT_GE(spreads.count() + 2, std::min<std::uint64_t>(measured, FanOut::kSample / 2));
      EXPECT_LE(spreads.count(), FanOut::kSample);
    }
  }
}

}  // namespace
}  // namespace pushbench::swarm
