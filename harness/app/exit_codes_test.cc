#include "harness/app/exit_codes.h"

#include <gtest/gtest.h>

#include <array>

namespace pushbench::app {
namespace {

using result::Verdict;

result::RunResult run_with(Verdict verdict, std::vector<result::ThresholdResult> thresholds) {
  result::RunResult run;
  run.verdict = verdict;
  run.thresholds = std::move(thresholds);
  return run;
}

result::ThresholdResult judged(bool crossed) {
  return {.text = "lost == 0", .cell = "websocket", .wanted = 0, .actual = 1, .crossed = crossed};
}

const result::ThresholdResult kUnjudged{.text = "lost == 0", .cell = "websocket"};

TEST(ExitCodes, AValidRunWhoseThresholdsHoldIsZero) {
  EXPECT_EQ(exit_of(run_with(Verdict::kValid, {}), true), 0);
  EXPECT_EQ(exit_of(run_with(Verdict::kValid, {judged(false)}), true), 0);
}

TEST(ExitCodes, ACrossedThresholdIs99) {
  EXPECT_EQ(exit_of(run_with(Verdict::kValid, {judged(false), judged(true)}), false), 99);
  EXPECT_EQ(exit_of(run_with(Verdict::kSuspect, {judged(true)}), false), 99);
}

// What is not valid proves neither that a threshold holds nor that it is crossed.
TEST(ExitCodes, NotValidComesBeforeCrossed) {
  EXPECT_EQ(exit_of(run_with(Verdict::kInvalid, {judged(true)}), false), 3);
  EXPECT_EQ(exit_of(run_with(Verdict::kValid, {judged(true), kUnjudged}), false), 3);
  EXPECT_EQ(exit_of(run_with(Verdict::kSuspect, {judged(true)}), true), 3);
}

TEST(ExitCodes, SuspectIsZeroUnlessStrict) {
  EXPECT_EQ(exit_of(run_with(Verdict::kSuspect, {}), false), 0);
  EXPECT_EQ(exit_of(run_with(Verdict::kSuspect, {}), true), 3);
}

TEST(ExitCodes, TheOrderOfPrecedence) {
  constexpr std::array<int, 8> kOrder{130, 1, 2, 3, 99, 4, 5, 0};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    for (std::size_t j = i; j < kOrder.size(); ++j) {
      EXPECT_EQ(worst_of(kOrder.at(i), kOrder.at(j)), kOrder.at(i));
      EXPECT_EQ(worst_of(kOrder.at(j), kOrder.at(i)), kOrder.at(i));
    }
  }
}

TEST(ExitCodes, OfSeveralRunsTheWorst) {
  const auto fine = run_with(Verdict::kValid, {});
  const auto crossed = run_with(Verdict::kValid, {judged(true)});
  EXPECT_EQ(worst_exit_of({fine, crossed}, false), 99);
  EXPECT_EQ(worst_exit_of({crossed, run_with(Verdict::kInvalid, {}), fine}, false), 3);
  EXPECT_EQ(worst_exit_of({}, false), 0);
}

}  // namespace
}  // namespace pushbench::app
