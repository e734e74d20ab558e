#include "harness/transport/link_lane.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr TimePoint kStart{std::chrono::hours(1)};

TEST(Line, WithoutALimitTakesNoTime) {
  Line line;
  EXPECT_FALSE(line.limited());
  EXPECT_EQ(line.pass(kStart, 1'000'000'000), kStart);
}

TEST(Line, TakesTheTimeOfItsBits) {
  Line line(20'000'000);
  EXPECT_EQ(line.pass(kStart, 100'000), kStart + milliseconds(40));
  EXPECT_EQ(line.pass(kStart + milliseconds(1), 0), kStart + milliseconds(40));  // behind the first
  EXPECT_EQ(line.pass(kStart + milliseconds(30), 50'000), kStart + milliseconds(60));
  // Free again: it starts at once.
  EXPECT_EQ(line.pass(kStart + milliseconds(100), 2'500), kStart + milliseconds(101));
}

TEST(Line, CutsDoNotChangeWhenTheLastBitHasPassed) {
  Line whole(5'000'000);
  Line cut(5'000'000);
  const TimePoint at_once = whole.pass(kStart, 1448 * 100);
  TimePoint last;
  for (int i = 0; i < 100; ++i) {
    last = cut.pass(kStart, 1448);
    EXPECT_EQ(last, kStart + (i + 1) * Nanos(2'316'800));
  }
  EXPECT_EQ(last, at_once);
}

// Two clients of 20 Mbit/s behind a line of 10 Mbit/s that they share.
TEST(Line, ASharedOneServesInTurn) {
  Line shared(10'000'000);
  Line first(20'000'000);
  Line second(20'000'000);
  EXPECT_EQ(first.pass(shared.pass(kStart, 10'000), 10'000), kStart + milliseconds(8 + 4));
  EXPECT_EQ(second.pass(shared.pass(kStart, 10'000), 10'000), kStart + milliseconds(16 + 4));
  EXPECT_EQ(first.pass(shared.pass(kStart + milliseconds(1), 10'000), 10'000),
            kStart + milliseconds(24 + 4));
}

TEST(Line, FastAndLargeStayExact) {
  Line line(100'000'000'000);
  EXPECT_EQ(line.pass(kStart, 1024 * 1024), kStart + Nanos(83'886));
  Line slow(1'000);
  EXPECT_EQ(slow.pass(kStart, 1024 * 1024), kStart + Nanos(8'388'608'000'000));
}

TEST(Lane, AddsTheTrip) {
  Lane lane;
  EXPECT_EQ(lane.release(kStart, milliseconds(50)), kStart + milliseconds(50));
  EXPECT_EQ(lane.release(kStart + microseconds(1), milliseconds(50)),
            kStart + milliseconds(50) + microseconds(1));
}

TEST(Lane, NothingOvertakes) {
  Lane lane;
  EXPECT_EQ(lane.release(kStart, milliseconds(60)), kStart + milliseconds(60));
  EXPECT_EQ(lane.release(kStart + milliseconds(1), milliseconds(40)), kStart + milliseconds(60));
  Random random(3);
  TimePoint before;
  for (int i = 0; i < 10'000; ++i) {
    const auto trip = Nanos(static_cast<Nanos::rep>(random.below(100'000'000)));
    const TimePoint entered = kStart + microseconds(100) * i;
    const TimePoint out = lane.release(entered, trip);
    ASSERT_GE(out, before);
    ASSERT_GE(out, entered + trip);
    before = out;
  }
}

}  // namespace
}  // namespace pushbench::transport
