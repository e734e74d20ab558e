// The shipped scenarios that repeat published experiments, in short: bytes to the byte, and what
// arithmetic says of latency.
#include "harness/e2e/process.h"
#include "harness/plan/scenario.h"
#include "harness/result/metrics.h"
#include "harness/wire/verbatim_head.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace pushbench::e2e {
namespace {

using result::CellResult;
using result::Counter;

result::RunResult run_short(const std::string& scenario, const std::vector<std::string>& more) {
  std::vector<std::string> words{scenario};
  words.insert(words.end(), more.begin(), more.end());
  std::string printed;
  auto run = measured_run(scenario, words, std::chrono::seconds(120), &printed);
  EXPECT_NE(printed.find("Published, predicted, measured"), std::string::npos) << printed;
  return run;
}

double metric(const CellResult& cell, std::string_view name) {
  const auto value = result::find_metric(name)->read(cell);
  EXPECT_TRUE(value) << name;
  return value.value_or(-1);
}

TEST(QuantumLeap, TheHeadsHaveThePublishedSizes) {
  const auto scenario =
      plan::load_scenario(std::string(PUSHBENCH_SOURCE_DIR) + "/scenarios/quantum-leap.yaml");
  ASSERT_TRUE(scenario) << scenario.error().text;
  const auto& polls = scenario->strategies.front();
  EXPECT_EQ(polls.request_head.size(), 716U);
  EXPECT_EQ(polls.response_head.size(), 193U);
  EXPECT_EQ(polls.response_length, 21U);
  EXPECT_EQ(wire::verbatim_request(polls.request_head)->characters, 692U);
  EXPECT_EQ(wire::verbatim_response(polls.response_head)->characters, 179U);
}

// 400 phases: the mean of U(0, 1) has a standard error of 1.4 %.
TEST(QuantumLeap, EveryByteOfAPollAndOfAMessage) {
  const auto run = run_short(
      "quantum-leap", {"--clients", "400", "--ramp", "500ms", "--warmup", "2s", "--measure", "6s"});
  ASSERT_EQ(run.cells.size(), 2U);
  const CellResult& polls = run.cells[0];
  const auto& c = polls.counters;
  EXPECT_EQ(c[Counter::kHeadUp], 716 * c[Counter::kRequests]);
  EXPECT_EQ(c[Counter::kHeadDown], 193 * c[Counter::kAnswers]);
  EXPECT_EQ(c[Counter::kFramingDown] + c[Counter::kPayloadDown], 21 * c[Counter::kAnswers]);
  EXPECT_EQ(c[Counter::kPayloadDown], 21 * c[Counter::kReceived]);
  EXPECT_EQ(c[Counter::kLost], 0U);
  EXPECT_NEAR(metric(polls, "head_bytes_per_s"), 400 * 909, 0.01 * 400 * 909);
  EXPECT_NEAR(metric(polls, "latency_mean_ns"), 0.5e9, 0.05e9);
  EXPECT_NEAR(polls.predicted.at("head_bytes_per_request").mean, 909, 1e-6);
  EXPECT_EQ(polls.unexplained_bytes, 0U);
  ASSERT_FALSE(polls.exact.empty());
  EXPECT_EQ(polls.exact.at("head_up_bytes"), 716 * polls.exact.at("requests"));
  EXPECT_EQ(polls.exact.at("head_down_bytes"), 193 * polls.exact.at("answers"));
  const CellResult& messages = run.cells[1];
  EXPECT_EQ(messages.counters[Counter::kHeadDown], 0U);
  EXPECT_EQ(messages.counters[Counter::kFramingDown], 2 * messages.counters[Counter::kReceived]);
  EXPECT_EQ(messages.counters[Counter::kPayloadDown], 21 * messages.counters[Counter::kReceived]);
  EXPECT_EQ(messages.predicted.at("framing_bytes_per_delivery").mean, 2);
  EXPECT_EQ(messages.exact.at("framing_down_bytes"), 2 * messages.exact.at("events"));
}

TEST(LiveOpenData, PollsWaitAndPushesDoNot) {
  const auto run = run_short("live-open-data", {"--clients", "200", "--ramp", "500ms", "--warmup",
                                                "1s", "--measure", "10s"});
  ASSERT_EQ(run.cells.size(), 2U);
  for (const CellResult& cell : run.cells) {
    EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
    EXPECT_EQ(cell.counters[Counter::kPayloadDown], 5200 * cell.counters[Counter::kReceived]);
  }
  EXPECT_NEAR(metric(run.cells[0], "latency_mean_ns"), 0.25e9, 0.04e9);
  EXPECT_LE(metric(run.cells[0], "latency_max_ns"), 0.6e9);
  EXPECT_LE(metric(run.cells[1], "latency_mean_ns"), 0.1e9);
  EXPECT_NEAR(run.cells[0].predicted.at("latency_mean_ns").mean, 0.25e9, 1);
}

// A host that pauses for half a second moves the mean of six seconds by a multiple of this.
bool mean_is_near(const CellResult& cell, double expected) {
  return std::abs(metric(cell, "latency_mean_ns") - expected) <= 0.05 * expected + 3e6;
}

// The knee at a one-way delay of half the interval: below it long-polling is as fast as WebSocket,
// above it an event waits d more on average (G/2 = d), and up to 2d. Measured again where the mean
// is another: a host may pause once, and not every time.
TEST(WindSensor, LongPollingFallsBehindBeyondHalfTheInterval) {
  constexpr int kTries = 3;
  for (const int one_way_ms : {20, 100, 150, 180}) {
    const double one_way = one_way_ms * 1e6;
    const double waits = one_way_ms > 125 ? one_way : 0;
    result::RunResult run;
    bool near = false;
    for (int i = 0; i < kTries && !near; ++i) {
      run = run_short("wind-sensor", {"--rtt", std::to_string(2 * one_way_ms) + "ms", "--ramp",
                                      "500ms", "--warmup", "1s", "--measure", "6s", "--strategy",
                                      "long-polling", "--strategy", "websocket"});
      ASSERT_EQ(run.cells.size(), 2U);
      near = mean_is_near(run.cells[0], one_way + waits) && mean_is_near(run.cells[1], one_way);
    }
    EXPECT_TRUE(near) << one_way_ms << " ms: " << metric(run.cells[0], "latency_mean_ns") << ", "
                      << metric(run.cells[1], "latency_mean_ns");
    EXPECT_NEAR(run.cells[0].predicted.at("latency_mean_ns").mean, one_way + waits, 1)
        << one_way_ms;
    EXPECT_EQ(run.cells[0].counters[Counter::kLost], 0U) << one_way_ms;
  }
}

}  // namespace
}  // namespace pushbench::e2e
