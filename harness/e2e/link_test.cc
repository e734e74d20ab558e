// An emulated link of 100 ms, at low load: what each strategy then shows is set by arithmetic, the
// closed forms of the model (their headers name the sources), to 5 %.
#include "harness/e2e/process.h"
#include "harness/model/predict.h"
#include "harness/result/json_io.h"

#include <gtest/gtest.h>

namespace pushbench::e2e {
namespace {

using result::Counter;
using std::chrono::milliseconds;

result::RunResult run_link(const std::string& name, const std::string& scenario) {
  return measured_run(name, {write_scenario(name, scenario)});
}

void expect_within(double measured, double expected, const std::string& what) {
  std::printf("%s: measured %.4f s, by arithmetic %.4f s\n", what.c_str(), measured, expected);
  EXPECT_NEAR(measured, expected, 0.05 * expected) << what;
}

// Every client has a topic of its own, so that the draws are independent. Polling: mean T/2 + d,
// maximum T + d. Long-polling, 5 events a second and client: gap G = 2d, share of it in a cycle
// P_b = 0.452, mean d + P_b G/2 = 72.6 ms, maximum d + G = 150 ms. Push: d.
TEST(Link, LatencyIsWhatTheModelSays) {
  const auto run =
      run_link("link-latency",
               "name: link-latency\nclients: 100\ntopics: 100\n"
               "events: {rate: 500/s, arrival: poisson}\nlink: {rtt: 100ms}\n"
               "phases: {ramp: 500ms, warmup: 1s, measure: 6s, drain: 1s}\nstrategies:\n"
               "  - polling: {interval: 500ms}\n  - polling: {interval: 500ms, connection: new}\n"
               "  - long-polling: {hold: 25s}\n  - streaming: {encoding: chunked}\n"
               "  - streaming: {encoding: sse}\n  - websocket: {}\n");
  ASSERT_EQ(run.cells.size(), 6U);
  const double d = 0.05;
  for (const auto& cell : run.cells) {
    const auto predicted = model::predict(run.scenario, cell.strategy).latency;
    EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
    expect_within(cell.latency.mean() / 1e9, predicted.mean_s, cell.name + " mean");
    // The largest of thousands is the worst that the machine did; nine in ten are the strategy's.
    const double max = seconds_of(cell.latency.max());
    std::printf("%s max: measured %.4f s, by arithmetic %.4f s\n", cell.name.c_str(), max,
                predicted.max_s);
    EXPECT_GE(max, 0.95 * predicted.max_s) << cell.name;
    EXPECT_LE(seconds_of(cell.latency.quantile(0.9)), 1.05 * predicted.max_s) << cell.name;
    expect_within(seconds_of(cell.setup.quantile(0.5)), 4 * d, cell.name + " set-up p50");
    EXPECT_GT(cell.link_error.count(), 0U) << cell.name;
    EXPECT_LT(cell.link_error.quantile(0.5), milliseconds(1)) << cell.name;
  }
  EXPECT_NEAR(run.cells[2].latency.mean() / 1e9, 0.0726, 0.05 * 0.0726);
}

// 100 kB are 40 ms of 20 Mbit/s, behind a trip of 50 ms.
TEST(Link, ALimitedRateTakesTheTimeOfTheBits) {
  const auto run = run_link(
      "link-rate",
      "name: link-rate\nclients: 4\nevents: {rate: 4/s, arrival: constant, payload: 100kB}\n"
      "link: {rtt: 100ms, down: 20Mbit/s}\n"
      "phases: {ramp: 500ms, warmup: 1s, measure: 5s, drain: 1s}\n"
      "strategies: [{streaming: {encoding: sse}}, {websocket: {}}]\n");
  ASSERT_EQ(run.cells.size(), 2U);
  for (const auto& cell : run.cells) {
    EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
    expect_within(cell.latency.mean() / 1e9, 0.090, cell.name);
  }
}

// Four copies of 100 kB over a line of 20 Mbit/s that all share: the last has come after 160 ms.
TEST(Link, ASharedLineIsShared) {
  const auto run = run_link(
      "link-shared",
      "name: link-shared\nclients: 4\nevents: {rate: 2/s, arrival: constant, payload: 100kB}\n"
      "link: {rtt: 100ms, downlink: 20Mbit/s}\n"
      "phases: {ramp: 500ms, warmup: 1s, measure: 5s, drain: 1s}\n"
      "strategies: [{websocket: {}}]\n");
  ASSERT_EQ(run.cells.size(), 1U);
  const auto& cell = run.cells[0];
  EXPECT_EQ(cell.counters[Counter::kLost], 0U);
  expect_within(seconds_of(cell.latency.quantile(0.99)), 0.210, cell.name + " last of four");
}

// Upstream events travel up and their acknowledgement down; the first POST of a client opens its
// connection, which is a round trip more.
TEST(Link, AnUpstreamAcknowledgementTakesARoundTrip) {
  const auto run = run_link("link-upstream",
                            "name: link-upstream\nclients: 20\nevents: {rate: 10/s}\n"
                            "upstream: {rate: 5/s}\nlink: {rtt: 100ms}\n"
                            "phases: {ramp: 500ms, warmup: 2s, measure: 5s, drain: 1s}\n"
                            "strategies: [{streaming: {}}, {websocket: {}}]\n");
  ASSERT_EQ(run.cells.size(), 2U);
  for (const auto& cell : run.cells) {
    EXPECT_GT(cell.counters[Counter::kUpstreamAcked], 300U) << cell.name;
    // POSTs of a client go one after another: some wait for the one before.
    const double p = cell.strategy.strategy == "websocket" ? 0.5 : 0.2;
    expect_within(seconds_of(cell.upstream_ack.quantile(p)), 0.100, cell.name);
  }
}

}  // namespace
}  // namespace pushbench::e2e
