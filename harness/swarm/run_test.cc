#include "harness/swarm/run.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

TEST(Run, RotatesTheOrderOfCellsByRepeat) {
  EXPECT_EQ(cell_order(3, 0), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(cell_order(3, 1), (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(cell_order(3, 4), (std::vector<std::size_t>{1, 2, 0}));
}

TEST(Run, RunsEveryCellOfEveryRepeatAndJudges) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  auto scenario = small_scenario();
  auto other = scenario.strategies[0];
  other.new_connection = true;
  scenario.strategies.push_back(other);
  scenario.repeats = 2;
  RunOptions options;
  options.endpoint = server.endpoint();
  options.pin = false;
  const auto outcome = run(scenario, options);
  ASSERT_TRUE(outcome);
  const auto& cells = outcome->result.cells;
  ASSERT_EQ(cells.size(), 4U);
  EXPECT_EQ(cells[0].name, "polling/interval=50ms");
  EXPECT_EQ(cells[1].name, "polling/interval=50ms,new-connection");
  EXPECT_EQ(cells[2].name, "polling/interval=50ms,new-connection");
  EXPECT_EQ(cells[2].repeat, 1U);
  EXPECT_EQ(outcome->result.verdict, result::Verdict::kInvalid);  // everything was lost
  EXPECT_EQ(outcome->signal, 0);
  EXPECT_FALSE(outcome->result.partial);
  EXPECT_TRUE(outcome->result.floor);
}

TEST(Run, AFirstCellThatCannotStartIsAFailure) {
  RunOptions options;
  options.server_command = [](const plan::StrategySpec&) {
    return std::vector<std::string>{"/bin/false"};
  };
  options.server_log = ::testing::TempDir() + "run-server.log";
  const auto outcome = run(small_scenario(), options);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ExitCode::kCouldNotRun);
}

TEST(Run, ALaterFailureKeepsTheCellsBeforeIt) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  auto scenario = small_scenario();
  auto websocket = scenario.strategies[0];
  websocket.strategy = "websocket";  // the tiny server cannot
  scenario.strategies.push_back(websocket);
  RunOptions options;
  options.endpoint = server.endpoint();
  options.pin = false;
  const auto outcome = run(scenario, options);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->result.cells.size(), 1U);
  EXPECT_TRUE(outcome->result.partial);
}

}  // namespace
}  // namespace pushbench::swarm
