#include "harness/swarm/cell_runner.h"

#include "harness/result/accounts.h"
#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>

namespace pushbench::swarm {
namespace {

using result::Counter;

class CellRunnerTest : public ::testing::Test {
 protected:
  void run(CellRunner& runner) {
    bool done = false;
    asio::co_spawn(context_, runner.run(), [&](const std::exception_ptr&) { done = true; });
    context_.restart();
    const TimePoint bound = steady_now() + std::chrono::seconds(30);
    while (!done && steady_now() < bound) {
      context_.run_one_for(std::chrono::milliseconds(100));
    }
    ASSERT_TRUE(done);
    EXPECT_EQ(result::imbalance_of(runner.result()), "");
  }
  RunOptions driving(const TinyServer& server) {
    RunOptions options;
    options.endpoint = server.endpoint();
    options.pin = false;
    options.on_progress = [this](const Progress& progress) {
      phases_.emplace_back(progress.phase);
    };
    return options;
  }
  asio::io_context context_{1};
  plan::Scenario scenario_ = small_scenario();
  Machine machine_ = read_machine();
  std::vector<std::string> phases_;
};

// The server takes every event and delivers none: nothing may look like success.
TEST_F(CellRunnerTest, EventsThatNeverArriveAreLost) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  const RunOptions options = driving(server);
  CellRunner runner(context_, scenario_, scenario_.strategies[0], options, machine_,
                    {.run_start = steady_now()});
  run(runner);
  ASSERT_FALSE(runner.failure());
  const auto& cell = runner.result();
  EXPECT_TRUE(cell.finished);
  EXPECT_EQ(cell.events_measured, 40U);
  EXPECT_EQ(cell.counters[Counter::kExpected], 80U);  // 2 of 4 clients for each event
  EXPECT_EQ(cell.counters[Counter::kLost], 80U);
  EXPECT_EQ(cell.counters[Counter::kPublished], 40U);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], cell.counters[Counter::kSocketsClosedWell]);
  EXPECT_FALSE(cell.server);
  EXPECT_EQ(phases_.back(), "drain");
}

TEST_F(CellRunnerTest, AServerThatRefusesEveryoneIsAFailureWithACause) {
  TinyServer server([](const std::string&, const std::string&) {
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  });
  scenario_.phases.ramp = std::chrono::milliseconds(10);
  const RunOptions options = driving(server);
  CellRunner runner(context_, scenario_, scenario_.strategies[0], options, machine_,
                    {.run_start = steady_now()});
  run(runner);
  ASSERT_TRUE(runner.failure());
  EXPECT_EQ(runner.failure()->code, ExitCode::kCouldNotRun);
  EXPECT_NE(runner.failure()->text.find("most of them: an HTTP status that is no success"),
            std::string::npos)
      << runner.failure()->text;
}

TEST_F(CellRunnerTest, AnInterruptEndsItSoonAndKeepsWhatFellDue) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  scenario_.phases.measure = std::chrono::seconds(20);
  RunOptions options = driving(server);
  CellRunner* running = nullptr;
  options.on_progress = [&](const Progress& progress) {
    if (progress.phase == "measure") {
      running->interrupt();
    }
  };
  CellRunner runner(context_, scenario_, scenario_.strategies[0], options, machine_,
                    {.run_start = steady_now()});
  running = &runner;
  run(runner);
  EXPECT_FALSE(runner.result().finished);
  EXPECT_LT(runner.result().events_measured, 1000U);
}

TEST_F(CellRunnerTest, AServerCommandThatFailsIsTold) {
  RunOptions options;
  options.server_command = [](const plan::StrategySpec&) {
    return std::vector<std::string>{"/bin/false"};
  };
  options.server_log = ::testing::TempDir() + "cell-server.log";
  CellRunner runner(context_, scenario_, scenario_.strategies[0], options, machine_,
                    {.run_start = steady_now()});
  run(runner);
  ASSERT_TRUE(runner.failure());
  EXPECT_NE(runner.failure()->text.find("did not start listening"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::swarm
