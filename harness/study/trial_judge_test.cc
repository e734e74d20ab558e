#include "harness/study/trial_judge.h"

#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

using std::chrono::milliseconds;

// A bound of 50 ms on p99, and what was measured.
result::RunResult trial(double p99_ms, double server_share = 0.4) {
  result::RunResult run;
  run.cells.push_back(cell_with(websocket_cell(), 200, 0, 2000, 10, TrueCosts{}));
  auto& cell = run.cells.front();
  cell.server->cpu_ns = static_cast<std::uint64_t>(server_share * 1e10);
  cell.counters[result::Counter::kExpected] = 20'000;
  run.scenario.thresholds.push_back(
      {.text = "latency.p99 < 50ms", .metric = "latency.p99", .limit = 50e6});
  run.thresholds.push_back({.text = "latency.p99 < 50ms",
                            .cell = "websocket",
                            .actual = p99_ms * 1e6,
                            .crossed = p99_ms >= 50});
  return run;
}

result::Caveat invalid(const std::string& id) {
  result::Caveat caveat;
  caveat.id = id;
  caveat.severity = result::Verdict::kInvalid;
  caveat.text = "so it is";
  return caveat;
}

TEST(TrialJudge, WhatKeepsItsBoundsHolds) {
  EXPECT_EQ(judge_trial(trial(20)).outcome, Outcome::kHeld);
}

TEST(TrialJudge, ACrossedBoundIsNamedWithTheServersProcessor) {
  const auto verdict = judge_trial(trial(63.2, 0.98));
  EXPECT_EQ(verdict.outcome, Outcome::kCrossed);
  EXPECT_EQ(verdict.cause, Cause::kLatency);
  EXPECT_EQ(verdict.text,
            "latency.p99 was 63.2 ms, asked for is latency.p99 < 50ms; the server used 98 % of a "
            "processor");
}

TEST(TrialJudge, LagOfTheGeneratorThatAloneCrossesTheBoundIsTheGenerators) {
  auto run = trial(60);
  run.cells.front().loop_lag.record(milliseconds(30));
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kGenerator);
  // Without the lag the bound would be crossed as well.
  run = trial(90);
  run.cells.front().loop_lag.record(milliseconds(30));
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kCrossed);
  // A server without a processor to spare is no victim.
  run = trial(60, 0.97);
  run.cells.front().loop_lag.record(milliseconds(30));
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kCrossed);
}

// Something else uses the processors: late, and not because of the server.
TEST(TrialJudge, AMachineThatIsShortForUsIsNotTheServersDoing) {
  auto run = trial(600, 0.14);
  run.caveats.push_back(invalid("run-queue"));
  run.caveats.back().severity = result::Verdict::kSuspect;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kGenerator);
  run.cells.front().server->cpu_ns = 9'700'000'000;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kCrossed);
}

// Of ten seconds of two processors: 0.1 % are 20 ms at most.
TEST(TrialJudge, WhatTheHostTookExcusesAsMuchAsItIs) {
  auto run = trial(60, 0.14);
  run.environment["cores"] = "2";
  run.cells.front().generator.steal_share = 0.001;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kGenerator);
  run = trial(90, 0.14);
  run.environment["cores"] = "2";
  run.cells.front().generator.steal_share = 0.001;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kCrossed);
}

TEST(TrialJudge, LossAndDeathCrossWhateverTheBoundsSay) {
  const struct {
    const char* id;
    Outcome outcome;
    Cause cause;
  } cases[] = {
      {"lost-events", Outcome::kCrossed, Cause::kLoss},
      {"server-ended", Outcome::kCrossed, Cause::kServerEnded},
      {"no-descriptors", Outcome::kImpossible, Cause::kMachine},
      {"not-all-subscribed", Outcome::kCrossed, Cause::kSockets},
      {"publish-rate", Outcome::kGenerator, Cause::kGenerator},
      {"loop-lag", Outcome::kHeld, Cause::kNone},  // makes latency look worse, and it holds
  };
  for (const auto& c : cases) {
    auto run = trial(20);
    run.caveats.push_back(invalid(c.id));
    const auto verdict = judge_trial(run);
    EXPECT_EQ(verdict.outcome, c.outcome) << c.id;
    EXPECT_EQ(verdict.cause, c.cause) << c.id;
    run.caveats.back().severity = result::Verdict::kSuspect;
    EXPECT_EQ(judge_trial(run).outcome, Outcome::kHeld) << c.id;
  }
}

TEST(TrialJudge, WhatTheServerRefusedIsTheServers) {
  auto run = trial(20);
  run.caveats.push_back(invalid("unpublished"));
  run.cells.front().counters[result::Counter::kPublishRejected] = 5;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kCrossed);
}

TEST(TrialJudge, ManyOnTheirWayAreNoHold) {
  auto run = trial(20);
  run.cells.front().counters[result::Counter::kInFlight] = 150;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kHeld);
  run.cells.front().counters[result::Counter::kInFlight] = 250;
  EXPECT_EQ(judge_trial(run).cause, Cause::kLatency);
}

TEST(TrialJudge, ABoundThatCannotBeJudgedIsNotHeld) {
  auto run = trial(20);
  run.thresholds.front().actual.reset();
  run.thresholds.front().crossed = false;
  EXPECT_EQ(judge_trial(run).outcome, Outcome::kGenerator);
}

}  // namespace
}  // namespace pushbench::study
