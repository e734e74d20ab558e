#include "harness/result/consistency.h"

#include "harness/result/example_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace pushbench::result {
namespace {

using testing::HasSubstr;

TEST(Consistency, WhatARunWritesIsConsistent) {
  for (const auto& run : {example_result(), doubtful_result(), minimal_result(), RunResult()}) {
    EXPECT_EQ(contradiction_in(run), "");
  }
}

TEST(Consistency, EditsAreNamed) {
  const struct {
    std::function<void(RunResult&)> edit;
    std::string expected;
  } cases[] = {
      {[](RunResult& run) { run.cells[2].counters[Counter::kLost] = 5; },
       "cells[2].counters: deliveries: expected = delivered + lost + in flight does not hold"},
      {[](RunResult& run) {
         --run.cells[1].counters[Counter::kDelivered];
         ++run.cells[1].counters[Counter::kLost];
       },
       "cells[1].counters.delivered is 59999, but histograms.latency holds 60000 values"},
      {[](RunResult& run) { run.cells[0].latency_from_sent.record(stats::Nanos(5), 9); },
       "latency_from_sent holds more values than were delivered"},
      {[](RunResult& run) { run.cells[0].measure_s = -1; },
       "cells[0].measure_s must be from 0 to 1e+06, not -1"},
      {[](RunResult& run) { run.cells[0].phases.drain_s = 1e12; }, "cells[0].phases must be"},
      {[](RunResult& run) { run.cells[0].generator.steal_share = 1.5; }, "steal_share must be"},
      {[](RunResult& run) { run.scenario.topics = 0; }, "topics_per_client must be at least 1"},
      {[](RunResult& run) { run.scenario.events.rate_per_s = -3; }, "rate_per_s must be from 0"},
      {[](RunResult& run) { run.scenario.phases.measure = stats::Nanos(-1); }, "scenario.phases"},
      {[](RunResult& run) { run.verdict = Verdict::kSuspect; },
       "validity.verdict is suspect, but the worst of its caveats is note"},
      {[](RunResult& run) { run.thresholds[0].crossed = false; },
       "thresholds[0] (latency.p99 < 20ms) is not what the cell's own figures say"},
      {[](RunResult& run) { run.thresholds[7].actual = 3; }, "thresholds[7] (lost == 0)"},
  };
  for (const auto& one : cases) {
    auto run = example_result();
    one.edit(run);
    EXPECT_THAT(contradiction_in(run), HasSubstr(one.expected));
    EXPECT_THAT(contradiction_in(run), HasSubstr("edited by hand"));
  }
}

// A run whose accounts do not balance says so itself, and its file must be readable.
TEST(Consistency, AnAdmittedImbalanceIsNone) {
  auto run = example_result();
  run.cells[2].counters[Counter::kSocketsOpened] += 1;
  EXPECT_NE(contradiction_in(run), "");
  run.caveats.insert(run.caveats.begin(), {.id = "accounts",
                                           .severity = Verdict::kInvalid,
                                           .cell = run.cells[2].label(),
                                           .text = "off by 1",
                                           .remedy = "report it"});
  run.verdict = Verdict::kInvalid;
  EXPECT_EQ(contradiction_in(run), "");
}

}  // namespace
}  // namespace pushbench::result
