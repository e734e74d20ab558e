#include "harness/base/time.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace pushbench {
namespace {

using std::chrono::milliseconds;

struct Wake {
  TimePoint at;
  error_code ec;
};

Task<void> sleep_and_note(TimeSource* time,
                          Sleeper* sleeper,
                          TimePoint when,
                          std::vector<Wake>* out) {
  const error_code ec = co_await sleeper->until(when);
  out->push_back({time->now(), ec});
}

class ManualTimeTest : public ::testing::Test {
 protected:
  void start(Sleeper* sleeper, Nanos in) {
    asio::co_spawn(context_, sleep_and_note(&time_, sleeper, time_.now() + in, &woken_),
                   [](const std::exception_ptr&) {});
    context_.restart();
    context_.poll();
  }
  asio::io_context context_{1};
  ManualTime time_{context_};
  std::vector<Wake> woken_;
};

TEST_F(ManualTimeTest, WakesInOrderAtTheRightInstants) {
  const auto begin = time_.now();
  const auto late = time_.make_sleeper();
  const auto early = time_.make_sleeper();
  start(late.get(), milliseconds(20));
  start(early.get(), milliseconds(10));
  EXPECT_EQ(time_.sleeping(), 2U);
  time_.advance(milliseconds(9));
  EXPECT_TRUE(woken_.empty());
  time_.advance(milliseconds(100));
  ASSERT_EQ(woken_.size(), 2U);
  EXPECT_EQ(woken_[0].at, begin + milliseconds(10));
  EXPECT_EQ(woken_[1].at, begin + milliseconds(20));
  EXPECT_FALSE(woken_[1].ec);
  EXPECT_EQ(time_.now(), begin + milliseconds(109));
}

TEST_F(ManualTimeTest, WakeEndsTheWaitWithAnError) {
  const auto sleeper = time_.make_sleeper();
  start(sleeper.get(), milliseconds(10));
  sleeper->wake();
  context_.restart();
  context_.poll();
  ASSERT_EQ(woken_.size(), 1U);
  EXPECT_EQ(woken_[0].ec, asio::error::operation_aborted);
}

TEST(AsioTime, SleepsUntilTheInstant) {
  asio::io_context context(1);
  AsioTime time(context);
  const auto sleeper = time.make_sleeper();
  std::vector<Wake> woken;
  const auto when = time.now() + milliseconds(5);
  asio::co_spawn(context, sleep_and_note(&time, sleeper.get(), when, &woken),
                 [](const std::exception_ptr&) {});
  context.run();
  ASSERT_EQ(woken.size(), 1U);
  EXPECT_GE(woken[0].at, when);
}

TEST(Time, WallClockNamesHaveTheirShape) {
  EXPECT_EQ(utc_now_compact().size(), 16U);
  EXPECT_EQ(utc_now_compact().back(), 'Z');
  EXPECT_EQ(utc_now_iso().size(), 20U);
}

}  // namespace
}  // namespace pushbench
