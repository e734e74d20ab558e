#include "harness/base/reactor.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pushbench {
namespace {

using std::chrono::milliseconds;
using Want = Reactor::Want;

class ReactorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_.data()), 0);
    ASSERT_FALSE(reactor_.add(ends_[0], watch_));
  }
  void TearDown() override {
    reactor_.remove(ends_[0], watch_);
    ::close(ends_[0]);
    if (ends_[1] >= 0) {
      ::close(ends_[1]);
    }
  }
  void spawn(Task<void> coroutine) {
    asio::co_spawn(context_, std::move(coroutine),
                   [](const std::exception_ptr& thrown) { EXPECT_FALSE(thrown); });
  }
  // Runs the loop for a while.
  void run(Nanos time) {
    reactor_.run_for(time);
    context_.restart();
  }
  Task<void> wait(Want want, const char* name) {
    const auto [ec] = co_await reactor_.wait(watch_, want);
    log_ += std::string(name) + (ec ? "!" : "") + " ";
  }
  Task<void> rest(Sleeper* sleeper, Nanos time, const char* name) {
    const error_code ec = co_await sleeper->until(steady_now() + time);
    log_ += std::string(name) + (ec ? "!" : "") + " ";
  }
  std::string read() {
    std::array<char, 64> buffer;
    const ssize_t got = ::recv(ends_[0], buffer.data(), buffer.size(), 0);
    if (got < static_cast<ssize_t>(buffer.size())) {
      watch_.drained();
    }
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "";
  }
  void send(const std::string& text) {
    ASSERT_EQ(::send(ends_[1], text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }

  asio::io_context context_{1};
  Reactor reactor_{context_};
  Reactor::Watch watch_;
  std::array<int, 2> ends_{-1, -1};
  std::string log_;
};

TEST_F(ReactorTest, ResumesWhoWaitsForWhat) {
  spawn(wait(Want::kRead, "read"));
  spawn(wait(Want::kWrite, "write"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "write ");
  send("x");
  run(milliseconds(20));
  EXPECT_EQ(log_, "write read ");
  EXPECT_EQ(read(), "x");
}

TEST_F(ReactorTest, EitherIsWhicheverComesFirst) {
  spawn(wait(Want::kEither, "either"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "either ");
  watch_.filled();
  spawn(wait(Want::kEither, "again"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "either ");
  send("x");
  run(milliseconds(20));
  EXPECT_EQ(log_, "either again ");
}

// What came while nobody waited is not lost, and what was read is not told again.
TEST_F(ReactorTest, AnEdgeIsKeptUntilItIsDrained) {
  send("ab");
  run(milliseconds(20));
  spawn(wait(Want::kRead, "first"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "first ");
  EXPECT_EQ(read(), "ab");
  spawn(wait(Want::kRead, "second"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "first ");
  send("c");
  run(milliseconds(20));
  EXPECT_EQ(log_, "first second ");
}

// The end may come with the last bytes in one edge: after a short read it must still be told.
TEST_F(ReactorTest, TheEndStaysReadable) {
  send("last");
  ::close(ends_[1]);
  ends_[1] = -1;
  spawn(wait(Want::kRead, "bytes"));
  run(milliseconds(20));
  EXPECT_EQ(read(), "last");
  spawn(wait(Want::kRead, "end"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "bytes end ");
  EXPECT_EQ(read(), "");
}

TEST_F(ReactorTest, CancelledWaitsEndAndTheWatchGoesOn) {
  spawn(wait(Want::kRead, "cancelled"));
  run(milliseconds(20));
  reactor_.cancel(watch_);
  run(milliseconds(20));
  EXPECT_EQ(log_, "cancelled! ");
  spawn(wait(Want::kRead, "read"));
  send("x");
  run(milliseconds(20));
  EXPECT_EQ(log_, "cancelled! read ");
}

TEST_F(ReactorTest, RemovedWaitsEnd) {
  spawn(wait(Want::kRead, "removed"));
  run(milliseconds(20));
  reactor_.remove(ends_[0], watch_);
  send("x");
  run(milliseconds(20));
  EXPECT_EQ(log_, "removed! ");
  ASSERT_FALSE(reactor_.add(ends_[0], watch_));
  spawn(wait(Want::kRead, "read"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "removed! read ");
}

// An event that was taken together with the one whose handler removes its descriptor is not told.
TEST_F(ReactorTest, WhatIsRemovedInABatchIsForgotten) {
  std::array<std::array<int, 2>, 2> pairs{};
  std::array<Reactor::Watch, 2> watches;
  std::array<bool, 2> told{};
  const auto first_removes_other = [&](std::size_t i) -> Task<void> {
    const auto [ec] = co_await reactor_.wait(watches[i], Want::kRead);
    if (ec) {
      co_return;
    }
    told[i] = true;
    reactor_.remove(pairs[1 - i][0], watches[1 - i]);
  };
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pairs[i].data()), 0);
    ASSERT_FALSE(reactor_.add(pairs[i][0], watches[i]));
    spawn(first_removes_other(i));
  }
  run(milliseconds(20));
  for (const auto& pair : pairs) {
    ASSERT_EQ(::send(pair[1], "x", 1, 0), 1);
  }
  run(milliseconds(20));
  EXPECT_NE(told[0], told[1]);
  for (std::size_t i = 0; i < 2; ++i) {
    reactor_.remove(pairs[i][0], watches[i]);
    ::close(pairs[i][0]);
    ::close(pairs[i][1]);
  }
}

TEST_F(ReactorTest, SleepersWakeInTheOrderOfTheirInstants) {
  std::vector<std::unique_ptr<Sleeper>> sleepers;
  constexpr std::array<int, 7> kMs{30, 10, 50, 20, 60, 40, 5};
  constexpr std::array<const char*, 7> kNames{"30", "10", "50", "20", "60", "40", "5"};
  for (std::size_t i = 0; i < kMs.size(); ++i) {
    sleepers.push_back(reactor_.make_sleeper());
    spawn(rest(sleepers.back().get(), milliseconds(kMs[i]), kNames[i]));
  }
  const TimePoint begin = steady_now();
  run(milliseconds(80));
  EXPECT_EQ(log_, "5 10 20 30 40 50 60 ");
  EXPECT_GE(steady_now() - begin, milliseconds(80));
}

TEST_F(ReactorTest, AWokenSleeperSaysSoAndCanSleepAgain) {
  const auto sleeper = reactor_.make_sleeper();
  const auto other = reactor_.make_sleeper();
  spawn(rest(sleeper.get(), std::chrono::hours(1), "woken"));
  spawn(rest(other.get(), milliseconds(10), "other"));
  run(milliseconds(1));
  sleeper->wake();
  sleeper->wake();  // nobody sleeps any more
  run(milliseconds(30));
  EXPECT_EQ(log_, "woken! other ");
  spawn(rest(sleeper.get(), milliseconds(1), "due"));
  run(milliseconds(20));
  EXPECT_EQ(log_, "woken! other due ");
}

TEST_F(ReactorTest, HandlersNeedNoCoroutine) {
  reactor_.when(watch_, Want::kRead, [this](const error_code& ec) { log_ += ec ? "!" : read(); });
  reactor_.later([this](const error_code&) {
    log_ += "later ";
    reactor_.later([this](const error_code&) { log_ += "later still "; });
  });
  send("x");
  run(milliseconds(20));
  EXPECT_EQ(log_, "xlater later still ");
}

// A call for each arrival, and the coroutine goes on behind the last.
TEST_F(ReactorTest, StepsAreTakenUntilOneIsTheLast) {
  auto step = [this] {
    log_ += read();
    return !log_.ends_with('.');
  };
  const auto stepping = [&]() -> Task<void> {
    const auto [ec] = co_await reactor_.each(watch_, step);
    log_ += ec ? "!" : "done";
  };
  run(milliseconds(5));  // room to write is news that is no step
  ASSERT_TRUE(watch_.is_drained());
  spawn(stepping());
  for (const char* text : {"a", "b", "c."}) {
    run(milliseconds(5));
    send(text);
  }
  run(milliseconds(20));
  EXPECT_EQ(log_, "abc.done");
  send("d");
  run(milliseconds(20));
  EXPECT_EQ(log_, "abc.done");
}

// Whoever did not take all is asked again behind the others, so the wait ends.
TEST_F(ReactorTest, AStepThatLeavesBytesEndsTheWait) {
  int steps = 0;
  auto step = [&steps] {
    ++steps;
    return true;
  };
  const auto stepping = [&]() -> Task<void> {
    const auto [ec] = co_await reactor_.each(watch_, step);
    log_ += ec ? "!" : "more";
  };
  spawn(stepping());
  run(milliseconds(5));
  send("a");
  run(milliseconds(20));
  EXPECT_EQ(steps, 1);
  EXPECT_EQ(log_, "more");
  EXPECT_FALSE(watch_.is_drained());
}

TEST_F(ReactorTest, CancelledStepsEnd) {
  auto step = [this] {
    reactor_.cancel(watch_);
    return true;
  };
  const auto stepping = [&]() -> Task<void> {
    const auto [ec] = co_await reactor_.each(watch_, step);
    log_ += ec ? "!" : "no ";
  };
  spawn(stepping());
  run(milliseconds(5));
  reactor_.cancel(watch_);
  run(milliseconds(5));
  EXPECT_EQ(log_, "!");
  read();
  spawn(stepping());
  run(milliseconds(5));
  send("a");
  run(milliseconds(20));
  EXPECT_EQ(log_, "!!");
}

// What is remembered of a neighbour is a hint: the neighbour may be gone, and memory given back.
TEST_F(ReactorTest, AWatchMayGoThatAnotherExpectsNext) {
  struct Neighbour {
    explicit Neighbour(Reactor& reactor) {
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()), 0);
      watch.belongs_to(*this);
      EXPECT_FALSE(reactor.add(ends[0], watch));
    }
    void leave(Reactor& reactor) {
      reactor.remove(ends[0], watch);
      ::close(ends[0]);
      ::close(ends[1]);
    }
    Reactor::Watch watch;
    std::array<int, 2> ends{-1, -1};
  };
  int steps = 0;
  auto step = [this, &steps] {
    ++steps;
    read();
    return true;
  };
  const auto stepping = [&]() -> Task<void> {
    const auto [ec] = co_await reactor_.each(watch_, step);
    log_ += ec ? "!" : "more";
  };
  auto neighbour = std::make_unique<Neighbour>(reactor_);
  spawn(stepping());
  run(milliseconds(5));
  for (int i = 0; i < 2; ++i) {
    send("a");
    run(milliseconds(5));
    ASSERT_EQ(::send(neighbour->ends[1], "b", 1, 0), 1);
    run(milliseconds(5));
  }
  neighbour->leave(reactor_);  // it had news last
  neighbour.reset();
  for (int i = 0; i < 2; ++i) {
    send("a");
    run(milliseconds(5));
  }
  EXPECT_EQ(steps, 4);
  reactor_.cancel(watch_);
  run(milliseconds(5));
  EXPECT_EQ(log_, "!");
}

// Whoever sleeps gives the processor up of its own accord.
TEST_F(ReactorTest, BusyPollingNeverSleeps) {
  const auto sleeps_in = [this](milliseconds time) {
    rusage before{};
    rusage after{};
    ::getrusage(RUSAGE_THREAD, &before);
    reactor_.run_for(time);
    ::getrusage(RUSAGE_THREAD, &after);
    return after.ru_nvcsw - before.ru_nvcsw;
  };
  EXPECT_GE(sleeps_in(milliseconds(5)), 1);
  reactor_.busy_poll();
  EXPECT_EQ(sleeps_in(milliseconds(5)), 0);
  reactor_.when(watch_, Want::kRead, [this](const error_code& ec) { log_ += ec ? "!" : read(); });
  send("x");
  reactor_.run_for(milliseconds(5));
  EXPECT_EQ(log_, "x");
}

TEST_F(ReactorTest, AClosedDescriptorIsForgotten) {
  std::array<int, 2> pair{-1, -1};
  Reactor::Watch watch;
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()), 0);
  ASSERT_FALSE(reactor_.add(pair[0], watch));
  reactor_.when(watch, Want::kRead, [this](const error_code& ec) { log_ += ec ? "end " : "no "; });
  ASSERT_EQ(::send(pair[1], "x", 1, 0), 1);
  reactor_.forget(watch);
  ::close(pair[0]);
  run(milliseconds(20));
  EXPECT_EQ(log_, "end ");
  ::close(pair[1]);
}

TEST_F(ReactorTest, AnAlarmRingsOnceOrNotAtAll) {
  Reactor::Alarm rings;
  Reactor::Alarm put_off;
  Reactor::Alarm cleared;
  const auto tell = [this](const char* name) {
    return [this, name](const error_code&) { log_ += name; };
  };
  const TimePoint now = steady_now();
  reactor_.set(put_off, now + milliseconds(5), tell("early "));
  reactor_.set(put_off, now + milliseconds(30), tell("put off "));
  reactor_.set(cleared, now + milliseconds(5), tell("cleared "));
  reactor_.set(rings, now + milliseconds(10), tell("rings "));
  EXPECT_TRUE(cleared.is_set());
  reactor_.clear(cleared);
  reactor_.clear(cleared);
  EXPECT_FALSE(cleared.is_set());
  run(milliseconds(60));
  EXPECT_EQ(log_, "rings put off ");
  EXPECT_FALSE(rings.is_set());
}

// As a connection's tick does; the sockets have their turn in between.
TEST_F(ReactorTest, AnAlarmThatIsAlwaysDueLeavesTimeForSockets) {
  Reactor::Alarm alarm;
  std::function<void()> again = [&] {
    reactor_.set(alarm, steady_now(), [&again](const error_code&) { again(); });
  };
  again();
  spawn(wait(Want::kRead, "read"));
  send("x");
  run(milliseconds(20));
  EXPECT_EQ(log_, "read ");
  reactor_.clear(alarm);
}

TEST_F(ReactorTest, OtherThreadsPostToIt) {
  bool done = false;
  std::thread thread([this, &done] {
    reactor_.post([this, &done] {
      done = true;
      context_.stop();
    });
  });
  reactor_.run();
  thread.join();
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace pushbench
