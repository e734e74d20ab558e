// 1,000 clients and 100 events a second for 10 s, every strategy: nothing may be lost or come
// twice, as 50 rooms and as one broadcast (100,000 deliveries a second).
#include "harness/e2e/process.h"
#include "harness/result/json_io.h"
#include "harness/result/result_file.h"

#include <gtest/gtest.h>

namespace pushbench::e2e {
namespace {

using result::Counter;

std::string scenario(int topics) {
  return "name: scale\nclients: 1000\ntopics: " + std::to_string(topics) +
         "\nevents: {rate: 100/s, arrival: constant, payload: 128B}\n"
         "phases: {ramp: 1s, warmup: 1s, measure: 10s, drain: 3s}\nstrategies:\n"
         "  - polling: {interval: 1s}\n  - polling: {interval: 1s, connection: new}\n  - "
         "long-polling: {}\n"
         "  - streaming: {encoding: chunked}\n  - streaming: {encoding: sse}\n  - websocket: {}\n";
}

result::RunResult run_scale(int topics) {
  const std::string name = "scale-" + std::to_string(topics);
  const std::string out = fresh_directory(name);
  const auto run = run_pushbench({"run", write_scenario(name, scenario(topics)), "--out", out},
                                 std::chrono::minutes(5));
  EXPECT_TRUE(run.code == 0 || run.code == 3) << run.err << run.out;
  std::printf("%s\n", run.out.c_str());
  auto result = result::load_result(out + "/result.json");
  EXPECT_TRUE(result) << result.error().text;
  return result ? std::move(*result) : result::RunResult();
}

void expect_nothing_lost(const result::RunResult& run, std::uint64_t subscribers_per_event) {
  ASSERT_EQ(run.cells.size(), 6U);
  for (const auto& cell : run.cells) {
    const auto& c = cell.counters;
    EXPECT_EQ(cell.events_measured, 1000U) << cell.name;
    EXPECT_EQ(c[Counter::kExpected], 1000U * subscribers_per_event) << cell.name;
    EXPECT_EQ(c[Counter::kDelivered], c[Counter::kExpected]) << cell.name;
    EXPECT_EQ(c[Counter::kLost], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kDuplicate], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kReordered], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kSocketsCut] + c[Counter::kSocketsFailed], 0U) << cell.name;
  }
}

TEST(Scale, FiftyRooms) {
  const auto run = run_scale(50);
  expect_nothing_lost(run, 20);
  EXPECT_NE(run.verdict, result::Verdict::kInvalid);
}

TEST(Scale, OneBroadcast) {
  expect_nothing_lost(run_scale(1), 1000);
}

}  // namespace
}  // namespace pushbench::e2e
