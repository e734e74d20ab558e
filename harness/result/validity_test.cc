#include "harness/result/validity.h"

#include "harness/result/example_result.h"
#include "harness/result/sound_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pushbench::result {
namespace {

TEST(Validity, ASoundRunIsValid) {
  EXPECT_EQ(caveats_after([](RunResult&, CellResult&) {}), "");
  auto example = example_result();
  judge_validity(example);
  EXPECT_EQ(example.verdict, Verdict::kValid);
}

TEST(Validity, TheWorstVerdictStandsAndComesFirst) {
  auto run = sound_run();
  run.cells.push_back(run.cells[0]);
  run.cells[0].counters[Counter::kDuplicate] = 1;
  run.cells[0].counters[Counter::kLate] = 1;
  lose(run.cells[1], 1);
  run.cells[1].repeat = 1;
  judge_validity(run);
  judge_validity(run);  // idempotent
  ASSERT_EQ(run.caveats.size(), 3U);
  EXPECT_EQ(run.verdict, Verdict::kInvalid);
  EXPECT_EQ(run.caveats[0].id, "lost-events");
  EXPECT_EQ(run.caveats[0].cell, "websocket#2");
  EXPECT_EQ(run.caveats[0].text, "1 of 20,000 expected deliveries never arrived");
  EXPECT_EQ(run.caveats[1].id, "duplicate-events");
  EXPECT_EQ(run.caveats[2].id, "late-events");
}

TEST(Validity, NotesLeaveARunValid) {
  auto run = sound_run();
  run.cells[0].counters[Counter::kLate] = 1;
  judge_validity(run);
  EXPECT_EQ(run.verdict, Verdict::kValid);
  ASSERT_EQ(run.caveats.size(), 1U);
  EXPECT_EQ(run.caveats[0].severity, Verdict::kValid);
}

TEST(Validity, ReferenceHoldsRulesAndLimits) {
  const auto text = validity_reference();
  EXPECT_NE(text.find("| `publisher-lag` | invalid | publisher lag p99"), std::string::npos);
  EXPECT_NE(text.find("> 0.001 |"), std::string::npos);
  EXPECT_NE(text.find("| `slow-build` | suspect |"), std::string::npos);
  EXPECT_NE(text.find("| `late-events` | note |"), std::string::npos);
}

TEST(Validity, KeepsWhatTheSwarmSaw) {
  RunResult run = sound_run();
  run.caveats = {{.id = "server-ended",
                  .severity = Verdict::kInvalid,
                  .cell = "websocket",
                  .text = "the server was killed by signal 9",
                  .remedy = "see its log"}};
  judge_validity(run);
  judge_validity(run);
  const auto count = std::count_if(run.caveats.begin(), run.caveats.end(),
                                   [](const auto& caveat) { return caveat.id == "server-ended"; });
  EXPECT_EQ(count, 1);
  EXPECT_EQ(run.verdict, Verdict::kInvalid);
}

}  // namespace
}  // namespace pushbench::result
