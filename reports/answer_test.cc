#include "harness/result/example_result.h"
#include "harness/result/validity.h"
#include "reports/format.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::Counter;
using result::RunResult;
using stats::Nanos;

CellResult cell(std::string name, std::int64_t least_us, std::uint64_t bytes) {
  CellResult out;
  out.name = std::move(name);
  out.finished = true;
  out.events_measured = 1000;
  for (int i = 0; i < 1000; ++i) {
    out.latency.record(Nanos{(least_us + i) * 1000});
  }
  out.counters[Counter::kReceived] = 1000;
  out.counters[Counter::kPublished] = 1000;
  out.counters[Counter::kExpected] = 1000;
  out.counters[Counter::kDelivered] = 1000;
  out.counters[Counter::kPayloadDown] = 1000 * bytes;
  return out;
}

RunResult run_of(std::vector<CellResult> cells) {
  RunResult run;
  run.tool_build = "Release";
  run.cells = std::move(cells);
  result::judge_validity(run);
  return run;
}

TEST(Answer, NamesTheWinnerAndTheRange) {
  EXPECT_EQ(answer_sentence(run_of(
                {cell("slow", 90'000, 50), cell("quick", 10'000, 80), cell("middle", 30'000, 70)})),
            "quick has the lowest p99 latency, 11.0 ms; the others take 31.0 ms (middle) to 91.0 "
            "ms (slow); slow moves the fewest bytes, 50 B per delivery.");
}

TEST(Answer, OverlappingIntervalsTie) {
  EXPECT_EQ(answer_sentence(run_of({cell("a", 10'000, 50), cell("b", 10'004, 60),
                                    cell("c", 10'005, 70), cell("d", 20'000, 80)})),
            "a, b and c tie for the lowest p99 latency, 11.0 ms (their 95 % intervals "
            "overlap); d takes 21.0 ms; a moves the fewest bytes, 50 B per delivery.");
}

TEST(Answer, RepeatsCountTogether) {
  auto first = cell("a", 10'000, 50);
  auto second = cell("a", 30'000, 50);
  second.repeat = 1;
  const auto text = answer_sentence(run_of({first, second, cell("b", 20'000, 60)}));
  EXPECT_EQ(text.substr(0, text.find(';')), "b has the lowest p99 latency, 21.0 ms");
}

TEST(Answer, EqualOthersAreNamedOnce) {
  EXPECT_EQ(answer_sentence(
                run_of({cell("a", 10'000, 50), cell("b", 990'000, 60), cell("c", 990'000, 70)})),
            "a has the lowest p99 latency, 11.0 ms; b and c take 991 ms; a moves the fewest bytes, "
            "50 B per delivery.");
}

TEST(Answer, AloneItIsOnlyStated) {
  EXPECT_EQ(answer_sentence(run_of({cell("a", 10'000, 50)})), "a has a p99 latency of 11.0 ms.");
}

TEST(Answer, WithFewEventsTheMedianIsCompared) {
  auto run = run_of({cell("a", 10'000, 50), cell("b", 20'000, 60)});
  run.cells[0].events_measured = 298;
  EXPECT_EQ(answer_sentence(run),
            "a has the lowest median latency, 10.5 ms; b takes 20.5 ms; a moves the fewest bytes, "
            "50 B per delivery; too few events were measured for a p99.");
}

TEST(Answer, InvalidCellsAreLeftOutAndSaidFirst) {
  auto broken = cell("quick", 1'000, 10);
  broken.counters[Counter::kLost] = 3;
  broken.counters[Counter::kDelivered] -= 3;
  EXPECT_EQ(answer_sentence(run_of({broken, cell("b", 20'000, 60)})),
            "INVALID (lost-events): b has a p99 latency "
            "of 21.0 ms.");
}

TEST(Answer, SuspectComesFirstToo) {
  auto doubted = cell("a", 10'000, 50);
  doubted.counters[Counter::kDuplicate] = 2;
  const auto text = answer_sentence(run_of({doubted, cell("b", 20'000, 60)}));
  EXPECT_EQ(text.substr(0, text.find(':')), "SUSPECT (duplicate-events)");
}

TEST(Answer, SaysWhenNothingCanBeCompared) {
  EXPECT_EQ(answer_sentence(run_of({})),
            "INVALID (no-cells): no cell has figures that can be compared.");
}

TEST(Answer, NamesCannotSteerATerminal) {
  EXPECT_EQ(answer_sentence(run_of({cell("\x1b[2Ja", 10'000, 50)})).find('\x1b'),
            std::string::npos);
}

}  // namespace
}  // namespace pushbench::reports
