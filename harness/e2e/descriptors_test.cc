// More connections than one table of descriptors holds: both sides take threads with tables of
// their own, and the accounts are those of one run.
#include "harness/base/descriptors.h"

#include "harness/e2e/process.h"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <thread>

namespace pushbench::e2e {
namespace {

using result::Counter;

constexpr rlim_t kLimit = 400;

bool tables_are_offered() {
  bool offered = false;
  std::thread([&offered] { offered = own_descriptor_table(); }).join();
  return offered;
}

// 1,200 clients, of which a table holds 336 at most. The limit is for the rest of this program.
TEST(Descriptors, ThreadsWithTablesOfTheirOwnHoldThreeTimesTheLimit) {
  const rlimit low{kLimit, kLimit};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto file =
      write_scenario("tables",
                     "name: tables\nclients: 1200\n"
                     "events: {rate: 20/s, payload: 64B}\n"
                     "phases: {ramp: 1s, warmup: 500ms, measure: 2s, drain: 10s}\n"
                     "strategies:\n  - polling: {interval: 1s}\n  - long-polling: {}\n"
                     "  - streaming: {encoding: sse}\n  - websocket: {}\n");
  if (!tables_are_offered()) {
    const auto refused = run_pushbench({"run", file});
    EXPECT_EQ(refused.code, 2);
    EXPECT_NE(refused.err.find("1,264 descriptors in one process"), std::string::npos)
        << refused.err;
    return;
  }
  const auto run = measured_run("tables", {file});
  ASSERT_EQ(run.cells.size(), 4U);
  for (const auto& cell : run.cells) {
    const auto& c = cell.counters;
    EXPECT_EQ(cell.generator.workers, 4U);
    EXPECT_GT(c[Counter::kExpected], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kDelivered], c[Counter::kExpected]) << cell.name;
    EXPECT_EQ(c[Counter::kDuplicate] + c[Counter::kReordered], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kSocketsOpened], 1200U) << cell.name;
    EXPECT_EQ(c[Counter::kSocketsCut] + c[Counter::kSocketsFailed], 0U) << cell.name;
  }
}

}  // namespace
}  // namespace pushbench::e2e
