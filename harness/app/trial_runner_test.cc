#include "harness/app/trial_runner.h"

#include "harness/app/captured.h"
#include "harness/app/run_setup.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(TrialRunner, AServerThatIsDownIsToldBeforeAnythingRuns) {
  auto scenario = *load_named_scenario("quick", {});
  scenario.strategies.resize(1);
  RunArguments arguments;
  arguments.server = "http://127.0.0.1:1";
  const auto trial = run_trial(scenario, arguments, "");
  ASSERT_FALSE(trial);
  EXPECT_EQ(trial.error().code, ExitCode::kCouldNotRun);
  EXPECT_TRUE(can_make(scenario, arguments));
  arguments.server = "nowhere";
  EXPECT_FALSE(can_make(scenario, arguments));
}

TEST(TrialRunner, LinesSayWhereItStandsUnlessQuiet) {
  const Captured captured;
  CellLines lines(captured.streams().err, false);
  lines.begin(0, 4, "websocket");
  lines.end("done");
  lines.begin(1, 4, "polling");
  lines.end("left out");
  const std::string said = captured.err();
  EXPECT_TRUE(said.starts_with("[1/4] websocket: done\n[2/4, ")) << said;
  EXPECT_TRUE(said.ends_with(" left] polling: left out\n")) << said;
  const Captured quiet;
  CellLines none(quiet.streams().err, true);
  none.begin(0, 4, "websocket");
  none.end("done");
  EXPECT_EQ(quiet.err(), "");
}

}  // namespace
}  // namespace pushbench::app
