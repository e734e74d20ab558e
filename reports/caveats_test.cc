#include "reports/caveats.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

TEST(Caveats, OfOneKindStandTogether) {
  const auto run = result::doubtful_result();
  const auto groups = doubts_of(run);
  ASSERT_FALSE(groups.empty());
  EXPECT_EQ(groups.front().id, "partial-run");
  EXPECT_EQ(groups.back().id, "few-events");
  EXPECT_EQ(groups.back().lines.size(), 3U);
  std::size_t lines = 0;
  for (const auto& all : {groups, notes_of(run)}) {
    for (const auto& group : all) {
      lines += group.lines.size();
    }
  }
  EXPECT_EQ(lines, run.caveats.size());
}

TEST(Caveats, NotesStandApart) {
  auto run = result::doubtful_result();
  const auto doubts = doubts_of(run).size();
  ASSERT_EQ(notes_of(run).size(), 1U);
  EXPECT_EQ(notes_of(run)[0].id, "tw-reuse");
  run.caveats.push_back({.id = "governor",
                         .severity = result::Verdict::kValid,
                         .cell = "",
                         .text = "it saves power",
                         .remedy = "Let it not."});
  EXPECT_EQ(doubts_of(run).size(), doubts);
  ASSERT_EQ(notes_of(run).size(), 2U);
  EXPECT_EQ(notes_of(run)[1].lines, std::vector<std::string>{"it saves power"});
}

TEST(Caveats, ThresholdsInWords) {
  const auto run = result::doubtful_result();
  EXPECT_EQ(threshold_summary(run), "Thresholds: 2 held, 1 crossed, 3 not judged");
  EXPECT_EQ(threshold_sentence(run, run.thresholds.at(0)),
            "not judged: latency.p99 < 20ms in polling/interval=1s (n too small)");
  EXPECT_EQ(threshold_sentence(run, run.thresholds.at(3)),
            "held: lost == 0 in polling/interval=1s (0)");
  EXPECT_EQ(threshold_sentence(run, run.thresholds.at(5)),
            "crossed: lost == 0 in long-polling/hold=25s#2 (12)");
}

TEST(Caveats, AThresholdThatTheScenarioDoesNotHoldIsShownRaw) {
  const result::RunResult run;
  EXPECT_EQ(threshold_sentence(run, {.text = "x < 2", .cell = "c", .actual = 3.5, .crossed = true}),
            "crossed: x < 2 in c (3.5)");
}

TEST(Caveats, EveryVerdictHasItsSentence) {
  EXPECT_TRUE(verdict_sentence(result::Verdict::kValid).starts_with("VALID:"));
  EXPECT_TRUE(verdict_sentence(result::Verdict::kSuspect).starts_with("SUSPECT:"));
  EXPECT_TRUE(verdict_sentence(result::Verdict::kInvalid).starts_with("INVALID:"));
}

}  // namespace
}  // namespace pushbench::reports
