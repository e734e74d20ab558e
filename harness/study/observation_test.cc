#include "harness/study/observation.h"

#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

TEST(Observation, ReadsLoadAndCostOfACell) {
  result::RunResult run;
  run.cells.push_back(cell_with(websocket_cell(), 200, 0, 2000, 10, TrueCosts{}));
  Observations out;
  add_observations(run, false, out);
  ASSERT_EQ(out.usable.size(), 1U);
  const Observation& got = out.usable.front();
  EXPECT_EQ(got.family, "websocket");
  EXPECT_EQ(got.connections, 200);
  EXPECT_EQ(got.deliveries_per_s, 2000);
  EXPECT_EQ(got.publishes_per_s, 10);
  EXPECT_NEAR(got.cores, 0.004 + 200 * 2e-7 + 2000 * 3e-6 + 10 * 2e-5, 1e-9);
  EXPECT_NEAR(got.publish_cpu_s, 2e-5, 1e-12);
  EXPECT_EQ(got.memory_bytes, 5'080'000);
  EXPECT_EQ(got.kernel_growth_bytes, 1'000'000);
  EXPECT_EQ(got.overhead_down_bytes_per_s, 2000 * 22);
}

TEST(Observation, FamiliesLeaveIntervalsAndHoldsOut) {
  EXPECT_EQ(family_of(polling_cell(std::chrono::seconds(1))), "polling");
  EXPECT_EQ(family_of(polling_cell(std::chrono::seconds(5), true)), "polling,new-connection");
  EXPECT_EQ(family_of(long_polling_cell()), "long-polling");
  EXPECT_EQ(family_of(streaming_cell("sse")), "streaming/sse");
  EXPECT_FALSE(holds_connections(family_of(polling_cell(std::chrono::seconds(5), true))));
}

TEST(Observation, WhatTellsNothingOfCostIsLeftOutWithItsReason) {
  const auto good = cell_with(websocket_cell(), 200, 0, 2000, 10, TrueCosts{});
  const struct {
    void (*spoil)(result::CellResult&);
    const char* reason;
  } cases[] = {
      {[](result::CellResult& c) { c.finished = false; }, "interrupted"},
      {[](result::CellResult& c) { c.server.reset(); }, "--server-pid"},
      {[](result::CellResult& c) { c.strategy.compression = "gzip"; }, "compression"},
      {[](result::CellResult& c) { c.counters[result::Counter::kLost] = 1; }, "lost"},
      {[](result::CellResult& c) { c.counters[result::Counter::kReceived] = 0; }, "nothing"},
      {[](result::CellResult& c) { c.server->cpu_ns = 0; }, "--server-pid"},
      {[](result::CellResult& c) { c.server->cpu_ns = 9'800'000'000; }, "busy all the time"},
  };
  for (const auto& c : cases) {
    result::RunResult run;
    run.cells.push_back(good);
    c.spoil(run.cells.front());
    Observations out;
    add_observations(run, false, out);
    EXPECT_TRUE(out.usable.empty());
    ASSERT_EQ(out.left_out.size(), 1U);
    EXPECT_NE(out.left_out.front().find(c.reason), std::string::npos) << out.left_out.front();
  }
}

// Whose server may have used no time at all; but what did not come is no idleness.
TEST(Observation, ACellInWhichNothingWasDueTellsWhatWaitingCosts) {
  result::RunResult run;
  run.cells.push_back(idle_cell(websocket_cell(), 200, TrueCosts{}));
  run.cells.front().server->cpu_ns = 0;
  Observations out;
  add_observations(run, false, out);
  ASSERT_EQ(out.usable.size(), 1U);
  EXPECT_TRUE(out.usable.front().idle());
  EXPECT_EQ(out.usable.front().cores, 0);
  add_observations(run, true, out);
  EXPECT_EQ(out.usable.size(), 1U);
  ASSERT_EQ(out.left_out.size(), 1U);
  EXPECT_NE(out.left_out.front().find("little to predict"), std::string::npos);
}

TEST(Observation, PollsWithoutEventsAreNotIdle) {
  result::RunResult run;
  run.cells.push_back(
      cell_with(polling_cell(std::chrono::seconds(1)), 200, 200, 0, 0, TrueCosts{}));
  Observations out;
  add_observations(run, false, out);
  ASSERT_EQ(out.usable.size(), 1U);
  EXPECT_FALSE(out.usable.front().idle());
}

}  // namespace
}  // namespace pushbench::study
