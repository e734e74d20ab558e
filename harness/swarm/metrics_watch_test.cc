#include "harness/swarm/metrics_watch.h"

#include "harness/swarm/tiny_server.h"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <exception>

namespace pushbench::swarm {
namespace {

using Mark = MetricsWatch::Mark;

TEST(ClockStep, IsTheCoarsestThatAllFiguresAreMultiplesOf) {
  const auto step = [](std::vector<double> values) { return clock_step(values); };
  EXPECT_EQ(step({12.34, 12.3, 13}), Nanos(std::chrono::milliseconds(10)));
  EXPECT_EQ(step({0.35000000000000003, 0.36}), Nanos(std::chrono::milliseconds(10)));
  EXPECT_EQ(step({3, 4, 9}), Nanos(std::chrono::seconds(1)));
  EXPECT_EQ(step({0.123456, 0.2}), Nanos(std::chrono::microseconds(1)));
  EXPECT_EQ(step({0.1234567891}), Nanos(1));
}

// A server whose page shows 0.25 s of a processor more at every reading, unless told otherwise.
class MetricsWatchTest : public ::testing::Test {
 protected:
  MetricsWatchTest()
      : server_([this](const std::string&, const std::string&) {
          const int reading = ++readings_;
          if (reading > last_good_) {
            return std::string("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
          }
          const std::string page = fmt::format(
              "process_cpu_seconds_total {}\nprocess_resident_memory_bytes {}\n"
              "process_start_time_seconds {}\nprocess_open_fds 9\n",
              step_ * reading, 1'000'000 * reading, reading > restart_ ? 2 : 1);
          return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", page.size(), page);
        }),
        source_{.endpoint = server_.endpoint(), .target = "/", .url = "http://there/"} {}

  // Marks as the runner sets them, each a little behind the other.
  Task<void> cell() {
    co_await watch_.begin();
    const TimePoint start = steady_now();
    const auto sleeper = AsioTime(context_).make_sleeper();
    watch_.connected(7, steady_now());
    co_await sleeper->until(steady_now() + std::chrono::milliseconds(50));
    watch_.mark(Mark::kOpen, steady_now());
    co_await sleeper->until(steady_now() + window_);
    watch_.mark(Mark::kClose, steady_now());
    co_await watch_.end();
    result_.name = "websocket";
    watch_.put_into(result_, start, caveats_);
  }
  void run() {
    std::exception_ptr thrown;
    asio::co_spawn(context_, cell(), [&](const std::exception_ptr& error) { thrown = error; });
    context_.run();
    ASSERT_FALSE(thrown);
  }

  std::atomic<int> readings_ = 0, last_good_ = 1'000, restart_ = 1'000;
  std::atomic<double> step_ = 0.25;
  Nanos window_{std::chrono::milliseconds(1'500)};
  TinyServer server_;
  MetricsSource source_;
  asio::io_context context_{1};
  MetricsWatch watch_{context_, source_};
  result::CellResult result_;
  std::vector<result::Caveat> caveats_;
};

TEST_F(MetricsWatchTest, TheCostIsThatBetweenTheReadingsOfTheWindowsEdges) {
  run();
  ASSERT_TRUE(result_.server);
  EXPECT_EQ(result_.server->memory_base_bytes, 1'000'000U);
  EXPECT_EQ(result_.server->memory_bytes, 2'000'000U);
  EXPECT_EQ(result_.server->connections, 7U);
  // Opened by the third reading; one or two were taken in the window before its last.
  const std::uint64_t quarters = result_.server->cpu_ns / 250'000'000;
  EXPECT_EQ(result_.server->cpu_ns, quarters * 250'000'000);
  EXPECT_GE(quarters, 2U);
  EXPECT_LE(quarters, 3U);
  EXPECT_FALSE(result_.series.server_cpu_share.empty());
  EXPECT_EQ(result_.series.server_cpu_share.size(), result_.series.server_memory_bytes.size());
  EXPECT_LE(readings_, 3 + 3);
}

TEST_F(MetricsWatchTest, ANoteSaysWhereTheCostCameFromAndHowCoarseItIs) {
  run();
  ASSERT_EQ(caveats_.size(), 1U);
  const auto& text = caveats_[0].text;
  EXPECT_EQ(caveats_[0].cell, "websocket");
  EXPECT_NE(text.find("what http://there/ says of itself"), std::string::npos) << text;
  EXPECT_NE(text.find("steps of 10.0 ms"), std::string::npos) << text;
  EXPECT_NE(text.find("9 descriptors"), std::string::npos) << text;
  EXPECT_EQ(text.find("no new figure"), std::string::npos) << text;
}

TEST_F(MetricsWatchTest, AFigureThatStandsStillMakesTheCostDoubtful) {
  step_ = 0;
  run();
  ASSERT_TRUE(result_.server);
  EXPECT_EQ(result_.server->cpu_ns, 0U);
  ASSERT_EQ(caveats_.size(), 1U);
  EXPECT_EQ(caveats_[0].id, "server-metrics-coarse");
  EXPECT_EQ(caveats_[0].severity, result::Verdict::kSuspect);
  EXPECT_NE(caveats_[0].text.find("no new figure"), std::string::npos) << caveats_[0].text;
}

TEST_F(MetricsWatchTest, APageThatFailsMidwayIsToldAndNotAskedAgain) {
  last_good_ = 2;
  run();
  EXPECT_FALSE(result_.server);
  EXPECT_TRUE(result_.series.server_cpu_share.empty());
  ASSERT_EQ(caveats_.size(), 1U);
  EXPECT_EQ(caveats_[0].id, "server-metrics-failed");
  EXPECT_NE(caveats_[0].text.find("answers with status 503"), std::string::npos)
      << caveats_[0].text;
  EXPECT_NE(caveats_[0].text.find("into the cell; what the server costs is not measured"),
            std::string::npos);
  EXPECT_EQ(readings_, 3);
}

TEST_F(MetricsWatchTest, AnotherProcessBehindThePageIsNoCost) {
  restart_ = 3;
  run();
  EXPECT_FALSE(result_.server);
  ASSERT_EQ(caveats_.size(), 1U);
  EXPECT_NE(caveats_[0].text.find("is of another process than before"), std::string::npos);
}

TEST_F(MetricsWatchTest, ACellThatHadNoWindowHasNoCost) {
  const auto short_cell = [this]() -> Task<void> {
    co_await watch_.begin();
    co_await watch_.end();
    watch_.put_into(result_, steady_now(), caveats_);
  };
  asio::co_spawn(context_, short_cell(), [](const std::exception_ptr&) {});
  context_.run();
  EXPECT_EQ(readings_, 1);
  EXPECT_FALSE(result_.server);
  EXPECT_TRUE(caveats_.empty());
}

}  // namespace
}  // namespace pushbench::swarm
