// Does a run measure what arithmetic says it must? Only figures that arithmetic sets are asserted,
// never the machine's speed.
#include "harness/e2e/process.h"
#include "harness/result/json_io.h"
#include "harness/result/result_file.h"

#include <gtest/gtest.h>

#include <signal.h>

namespace pushbench::e2e {
namespace {

using result::Counter;
using std::chrono::milliseconds;

result::RunResult measure(const std::string& name, const std::string& scenario) {
  const std::string out = fresh_directory(name);
  const auto run = run_pushbench({"run", write_scenario(name, scenario), "--out", out});
  EXPECT_TRUE(run.code == 0 || run.code == 3) << run.err;
  auto result = result::load_result(out + "/result.json");
  EXPECT_TRUE(result) << result.error().text;
  return result ? std::move(*result) : result::RunResult();
}

// An event waits for the next poll: uniform over (0, T], so the mean is T/2 and the maximum near T.
TEST(Measurement, PollingWaitsHalfItsIntervalOnAverage) {
  const auto run =
      measure("half-interval",
              "name: half-interval\nclients: 100\nevents: {rate: 41/s, arrival: poisson}\n"
              "phases: {ramp: 500ms, warmup: 1s, measure: 8s, drain: 1s}\nstrategies:\n"
              "  - polling: {interval: 500ms}\n  - polling: {interval: 500ms, connection: new}\n");
  ASSERT_EQ(run.cells.size(), 2U);
  for (const auto& cell : run.cells) {
    EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
    EXPECT_NEAR(cell.latency.mean() / 1e9, 0.25, 0.05 * 0.25) << cell.name;
    EXPECT_GE(seconds_of(cell.latency.max()), 0.475) << cell.name;
    EXPECT_LE(seconds_of(cell.latency.max()), 0.600) << cell.name;
    const double polls = 100 * cell.measure_s / 0.5;
    EXPECT_NEAR(static_cast<double>(cell.counters[Counter::kRequests]), polls, 0.05 * polls)
        << cell.name;
  }
  EXPECT_GT(run.cells[1].counters[Counter::kSocketsOpened], 1500U);
}

TEST(Measurement, PushAddsNoWaitingOfItsOwn) {
  const auto run =
      measure("no-waiting",
              "name: no-waiting\nclients: 200\nevents: {rate: 50/s, arrival: constant}\n"
              "phases: {ramp: 500ms, warmup: 500ms, measure: 6s, drain: 1s}\nstrategies:\n"
              "  - long-polling: {}\n  - streaming: {encoding: chunked}\n"
              "  - streaming: {encoding: sse}\n  - websocket: {}\n");
  ASSERT_EQ(run.cells.size(), 4U);
  for (const auto& cell : run.cells) {
    EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
    EXPECT_LT(cell.latency.quantile(0.5), milliseconds(10)) << cell.name;
  }
}

// A stopped server is latency, not a gap in the figures: 1 s of a 10 s run at a constant rate, so
// the events that fell due in it waited from 1 s down to 0, evenly.
TEST(Measurement, AStoppedServerShowsAsTheLatencyItIs) {
  const std::string out = fresh_directory("stopped");
  Process process(
      {"run",
       write_scenario("stopped",
                      "name: stopped\nclients: 10\nevents: {rate: 100/s, arrival: constant}\n"
                      "phases: {ramp: 100ms, warmup: 500ms, measure: 10s, drain: 1s}\n"
                      "strategies:\n  - websocket: {}\n"),
       "--out", out});
  ASSERT_TRUE(process.wait_for_text("websocket, ", std::chrono::seconds(20)));
  ASSERT_FALSE(process.wait_for_text("never said", std::chrono::seconds(3)));
  const auto children = children_of(process.pid());
  ASSERT_EQ(children.size(), 1U);
  kill(children[0], SIGSTOP);
  const TimePoint stopped = steady_now();
  ASSERT_FALSE(process.wait_for_text("never said", std::chrono::seconds(1)));
  kill(children[0], SIGCONT);
  const double pause = seconds_of(steady_now() - stopped);
  process.finish(std::chrono::seconds(40));
  const auto run = result::load_result(out + "/result.json");
  ASSERT_TRUE(run) << run.error().text;
  ASSERT_EQ(run->cells.size(), 1U);
  const auto& cell = run->cells[0];
  EXPECT_EQ(cell.counters[Counter::kLost], 0U);
  EXPECT_NEAR(seconds_of(cell.latency.max()), pause, 0.1);
  // 10 % of the events waited; the p99 lies a tenth of the pause below its end.
  EXPECT_NEAR(seconds_of(cell.latency.quantile(0.99)), 0.9 * pause, 0.1);
  EXPECT_LT(cell.latency.quantile(0.5), milliseconds(20));
  EXPECT_LT(cell.publisher_lag.quantile(0.99), milliseconds(100))
      << "the publisher must not have waited";
}

}  // namespace
}  // namespace pushbench::e2e
