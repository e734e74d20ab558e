#include "harness/result/validity.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace pushbench::result {
namespace {

using stats::Nanos;

// A run of one cell that no rule doubts.
RunResult sound() {
  RunResult run;
  run.tool_build = "Release g++ 12.2.0";
  CellResult cell;
  cell.name = "websocket";
  cell.finished = true;
  cell.measure_s = 10;
  cell.events_measured = 299;
  cell.counters[Counter::kExpected] = 20'000;
  cell.counters[Counter::kDelivered] = 20'000;
  cell.counters[Counter::kReceived] = 20'000;
  cell.counters[Counter::kSocketsOpened] = 2'000;
  cell.counters[Counter::kRequests] = 990;
  cell.latency.record(Nanos{1'000'000}, 20'000);
  cell.publisher_lag.record(Nanos{900'000}, 299);
  cell.loop_lag.record(Nanos{900'000}, 299);
  run.cells.push_back(cell);
  return run;
}

// "invalid lost-events" of the only caveat after `change`, "" when there is none.
std::string caveat_after(const std::function<void(RunResult&, CellResult&)>& change) {
  auto run = sound();
  change(run, run.cells[0]);
  judge_validity(run);
  EXPECT_LE(run.caveats.size(), 1U);
  if (run.caveats.empty()) {
    EXPECT_EQ(run.verdict, Verdict::kValid);
    return "";
  }
  const auto& caveat = run.caveats[0];
  EXPECT_EQ(run.verdict, caveat.severity);
  EXPECT_FALSE(caveat.text.empty());
  EXPECT_TRUE(caveat.remedy.ends_with("."));
  return std::string(verdict_name(caveat.severity)) + " " + caveat.id;
}

std::string caveat_with(Counter counter, std::uint64_t value) {
  return caveat_after([=](RunResult&, CellResult& cell) { cell.counters[counter] = value; });
}

std::string caveat_with_lag(stats::Histogram CellResult::*member,
                            std::int64_t ns,
                            std::int64_t p50) {
  return caveat_after([=](RunResult&, CellResult& cell) {
    cell.*member = stats::Histogram();
    (cell.*member).record(Nanos{ns}, 1000);
    cell.latency = stats::Histogram();
    cell.latency.record(Nanos{p50}, 1000);
  });
}

TEST(Validity, ASoundRunIsValid) {
  EXPECT_EQ(caveat_after([](RunResult&, CellResult&) {}), "");
  auto example = example_result();
  judge_validity(example);
  EXPECT_EQ(example.verdict, Verdict::kValid);
}

TEST(Validity, WhatMustBeZero) {
  EXPECT_EQ(caveat_with(Counter::kLost, 1), "invalid lost-events");
  EXPECT_EQ(caveat_with(Counter::kGaps, 1), "invalid gaps");
  EXPECT_EQ(caveat_with(Counter::kUnpublished, 1), "invalid unpublished");
  EXPECT_EQ(caveat_with(Counter::kPublishRejected, 1), "invalid unpublished");
  EXPECT_EQ(caveat_with(Counter::kDuplicate, 1), "suspect duplicate-events");
  EXPECT_EQ(caveat_with(Counter::kReordered, 1), "suspect reordered-events");
  EXPECT_EQ(caveat_with(Counter::kBeyondWindow, 1), "suspect beyond-window");
  EXPECT_EQ(caveat_with(Counter::kForeign, 1), "suspect foreign-events");
  EXPECT_EQ(caveat_with(Counter::kLate, 100), "");
}

TEST(Validity, NothingDelivered) {
  EXPECT_EQ(caveat_with(Counter::kDelivered, 0), "invalid nothing-delivered");
  EXPECT_EQ(caveat_with(Counter::kDelivered, 1), "");
}

// Sound has 2,000 sockets: 2 are exactly 0.1 %.
TEST(Validity, FailedAndCutSockets) {
  EXPECT_EQ(caveat_with(Counter::kSocketsCut, 1), "suspect failed-sockets");
  EXPECT_EQ(caveat_with(Counter::kSocketsCut, 2), "suspect failed-sockets");
  EXPECT_EQ(caveat_with(Counter::kSocketsCut, 3), "invalid failed-sockets");
  EXPECT_EQ(caveat_with(Counter::kSocketsFailed, 2), "suspect failed-sockets");
  EXPECT_EQ(caveat_with(Counter::kSocketsFailed, 3), "invalid failed-sockets");
}

TEST(Validity, FailedSocketsNameTheirFaults) {
  auto run = sound();
  run.cells[0].counters[Counter::kSocketsCut] = 4;
  run.cells[0].faults[static_cast<std::size_t>(Fault::kReset)] = 3;
  run.cells[0].faults[static_cast<std::size_t>(Fault::kTimeout)] = 1;
  judge_validity(run);
  EXPECT_EQ(run.caveats.at(0).text,
            "0 connects failed and 4 connections were cut, of 2,000 opened: reset 3, timeout 1");
}

// 1 ms is allowed up to a median of 20 ms, 5 % of the median above. The first value of each pair
// stays a bucket's width (0.1 %) below the limit.
TEST(Validity, LagOfPublisherAndTimers) {
  for (const auto& [member, id] : {std::pair{&CellResult::publisher_lag, "publisher-lag"},
                                   std::pair{&CellResult::loop_lag, "loop-lag"}}) {
    const std::string name = id;
    EXPECT_EQ(caveat_with_lag(member, 999'000, 2'000'000), "");
    EXPECT_EQ(caveat_with_lag(member, 1'002'000, 2'000'000), "suspect " + name);
    EXPECT_EQ(caveat_with_lag(member, 19'960'000, 2'000'000), "suspect " + name);
    EXPECT_EQ(caveat_with_lag(member, 20'040'000, 2'000'000), "invalid " + name);
    EXPECT_EQ(caveat_with_lag(member, 24'900'000, 500'000'000), "");
    EXPECT_EQ(caveat_with_lag(member, 25'100'000, 500'000'000), "suspect " + name);
    EXPECT_EQ(caveat_with_lag(member, 502'000'000, 500'000'000), "invalid " + name);
  }
}

TEST(Validity, SkippedPolls) {  // of 990 requests
  EXPECT_EQ(caveat_with(Counter::kSkippedPolls, 10), "");
  EXPECT_EQ(caveat_with(Counter::kSkippedPolls, 11), "suspect skipped-polls");
}

TEST(Validity, UpstreamUnacked) {
  const auto unacked = [](std::uint64_t missing) {
    return caveat_after([missing](RunResult&, CellResult& cell) {
      cell.counters[Counter::kUpstreamSent] = 1000;
      cell.counters[Counter::kUpstreamAcked] = 1000 - missing;
    });
  };
  EXPECT_EQ(unacked(10), "");
  EXPECT_EQ(unacked(11), "suspect upstream-unacked");
}

TEST(Validity, TooFewEvents) {
  const auto events = [](std::uint64_t n) {
    return caveat_after([n](RunResult&, CellResult& cell) { cell.events_measured = n; });
  };
  EXPECT_EQ(events(299), "");
  EXPECT_EQ(events(298), "suspect few-events");
}

TEST(Validity, ClippedLatencies) {
  EXPECT_EQ(caveat_after(
                [](RunResult&, CellResult& cell) { cell.latency.record(std::chrono::hours(2)); }),
            "suspect clipped-latency");
  EXPECT_EQ(caveat_after([](RunResult&, CellResult& cell) {
              cell.latency.record(std::chrono::minutes(59));
            }),
            "");
}

TEST(Validity, BusyWorkers) {  // 10 s measured, 2 workers
  const auto busy = [](std::uint64_t cpu_ns, std::uint32_t workers) {
    return caveat_after([=](RunResult&, CellResult& cell) {
      cell.generator.worker_cpu_ns = cpu_ns;
      cell.generator.workers = workers;
    });
  };
  EXPECT_EQ(busy(17'900'000'000, 2), "");
  EXPECT_EQ(busy(18'100'000'000, 2), "suspect generator-busy");
  EXPECT_EQ(busy(18'100'000'000, 0), "");  // unknown
}

TEST(Validity, InterruptedRuns) {
  EXPECT_EQ(caveat_after([](RunResult& run, CellResult&) { run.partial = true; }),
            "invalid partial-run");
  EXPECT_EQ(caveat_after([](RunResult&, CellResult& cell) { cell.finished = false; }),
            "invalid unfinished");
  EXPECT_EQ(caveat_after([](RunResult& run, CellResult&) { run.cells.clear(); }),
            "invalid no-cells");
}

TEST(Validity, BuildsThatAreNotForSpeed) {
  const auto build = [](const std::string& text) {
    return caveat_after([&text](RunResult& run, CellResult&) { run.tool_build = text; });
  };
  EXPECT_EQ(build("Debug g++ 12.2.0"), "suspect slow-build");
  EXPECT_EQ(build("Release g++ 12.2.0 sanitize=address"), "suspect slow-build");
  EXPECT_EQ(build(""), "suspect slow-build");
  EXPECT_EQ(build("RelWithDebInfo g++ 12.2.0"), "");
}

TEST(Validity, TheWorstVerdictStandsAndComesFirst) {
  auto run = sound();
  run.cells.push_back(run.cells[0]);
  run.cells[0].counters[Counter::kDuplicate] = 1;
  run.cells[1].counters[Counter::kLost] = 1;
  run.cells[1].repeat = 1;
  judge_validity(run);
  judge_validity(run);  // idempotent
  ASSERT_EQ(run.caveats.size(), 2U);
  EXPECT_EQ(run.verdict, Verdict::kInvalid);
  EXPECT_EQ(run.caveats[0].id, "lost-events");
  EXPECT_EQ(run.caveats[0].cell, "websocket#2");
  EXPECT_EQ(run.caveats[0].text, "1 of 20,000 expected deliveries never arrived");
  EXPECT_EQ(run.caveats[1].id, "duplicate-events");
}

TEST(Validity, ReferenceHoldsRulesAndLimits) {
  const auto text = validity_reference();
  EXPECT_NE(text.find("| `publisher-lag` | invalid | publisher lag p99"), std::string::npos);
  EXPECT_NE(text.find("> 0.001 |"), std::string::npos);
  EXPECT_NE(text.find("| `slow-build` | suspect |"), std::string::npos);
}

TEST(Validity, KeepsWhatTheSwarmSaw) {
  RunResult run = sound();
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
