// Does a run measure what arithmetic says it must? Only figures that arithmetic sets are asserted,
// never the machine's speed.
#include "harness/e2e/process.h"
#include "harness/model/exchange_bytes.h"
#include "harness/result/accounts.h"
#include "harness/result/json_io.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pushbench::e2e {
namespace {

using result::Counter;
using std::chrono::milliseconds;

result::RunResult measure(const std::string& name, const std::string& scenario) {
  return measured_run(name, {write_scenario(name, scenario)});
}

// What a cell counted, in the words of the closed forms.
model::Exchanges exchanges_of(const result::CellResult& cell) {
  const auto of = [&cell](Counter counter) { return static_cast<double>(cell.counters[counter]); };
  const bool polls = cell.counters[Counter::kAnswers] > 0;
  const bool sse = cell.strategy.encoding == "sse";
  const double varying = of(Counter::kEventDigits) + of(Counter::kEventEscapes);
  const double chunks = of(Counter::kChunks);
  const double beats = of(Counter::kHeartbeats);
  model::Exchanges e;
  e.event_payload = of(Counter::kPayloadDown);
  e.event_framing = of(Counter::kReceived) * model::line_framing(0, 0) + varying;
  if (cell.strategy.strategy == "websocket") {
    e.event_framing = chunks * model::websocket_framing(0, false) + of(Counter::kChunkDigits);
  } else if (!polls) {
    const double line =
        sse ? model::sse_framing(0, 0) - model::chunk_around(0) : model::line_framing(0, 0);
    e.event_framing = of(Counter::kReceived) * line + varying + 4 * chunks +
                      of(Counter::kChunkDigits) - beats * (sse ? model::chunk_around(3) : 0);
  }
  e.signs_of_life = beats;
  if (polls) {
    e.first_questions = of(Counter::kFirstQuestions);
    e.requests = of(Counter::kRequests) - e.first_questions;
    e.request_digits = of(Counter::kRequestDigits);
    e.empty_answers = of(Counter::kEmptyPolls);
    e.empty_digits = of(Counter::kEmptyDigits);
    e.full_answers = of(Counter::kAnswers) - e.empty_answers;
    e.full_digits = of(Counter::kFullDigits);
    e.length_digits = of(Counter::kLengthDigits);
  } else {
    e.opened = of(Counter::kStreamHeads);
    e.opened_digits = of(Counter::kFullDigits);
  }
  return e;
}

// To the byte, layer by layer, whatever the sizes and the digits of the numbers were.
TEST(Measurement, CountsGiveTheBytesBack) {
  const auto run =
      measure("bytes-back",
              "name: bytes-back\nclients: 30\ntopics: 3\n"
              "events: {rate: 120/s, arrival: poisson, payload: {uniform: [16B, 400B]}}\n"
              "phases: {ramp: 200ms, warmup: 300ms, measure: 3s, drain: 1s}\nstrategies:\n"
              "  - polling: {interval: 200ms}\n  - polling: {interval: 200ms, connection: new}\n"
              "  - long-polling: {hold: 1s}\n  - streaming: {encoding: chunked}\n"
              "  - streaming: {encoding: sse}\n  - websocket: {}\n");
  ASSERT_EQ(run.cells.size(), 6U);
  for (const auto& cell : run.cells) {
    const auto bytes = model::bytes_of(cell.strategy, {}, exchanges_of(cell));
    const auto of = [&cell](Counter counter) {
      return static_cast<double>(cell.counters[counter]);
    };
    EXPECT_EQ(bytes.head_up, of(Counter::kHeadUp)) << cell.name;
    EXPECT_EQ(bytes.framing_up, of(Counter::kFramingUp)) << cell.name;
    EXPECT_EQ(bytes.head_down, of(Counter::kHeadDown)) << cell.name;
    EXPECT_EQ(bytes.framing_down, of(Counter::kFramingDown)) << cell.name;
    EXPECT_EQ(bytes.payload_down, of(Counter::kPayloadDown)) << cell.name;
    EXPECT_GT(bytes.payload_down, 0) << cell.name;
  }
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
    EXPECT_EQ(result::imbalance_of(cell), "") << cell.name;
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
    EXPECT_EQ(result::imbalance_of(cell), "") << cell.name;
    EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
    EXPECT_EQ(cell.fan_out_spread.count(), cell.events_measured) << cell.name;
    EXPECT_EQ(cell.client_p50.count(), 200U) << cell.name;
    EXPECT_EQ(cell.connect_order.size(), 10U) << cell.name;
    // A note that the publisher made after the first receivers had the event is missing for those.
    EXPECT_GT(cell.latency_from_sent.count(), cell.latency.count() / 2) << cell.name;
    EXPECT_LT(cell.latency.quantile(0.5), milliseconds(10)) << cell.name;
  }
}

constexpr double kPollInterval_s = 0.5;

std::string stall_scenario(const std::string& strategies) {
  return "name: stopped\nclients: 10\nevents: {rate: 100/s, arrival: constant}\n"
         "phases: {ramp: 100ms, warmup: 500ms, measure: 10s, drain: 1s}\nstrategies:\n" +
         strategies;
}

constexpr const char* kEveryStrategy =
    "  - polling: {interval: 500ms}\n  - polling: {interval: 500ms, connection: new}\n"
    "  - long-polling: {}\n  - streaming: {encoding: chunked}\n"
    "  - streaming: {encoding: sse}\n  - websocket: {}\n";

// Waits out a time while the process goes on; nothing is expected to be said.
void let_run(Process& process, Nanos time) {
  ASSERT_FALSE(process.wait_for_text("never said", time));
}

// Stops a process for a second; returns how long it was.
double stop_for_a_second(Process& process, int pid) {
  kill(pid, SIGSTOP);
  const TimePoint stopped = steady_now();
  let_run(process, std::chrono::seconds(1));
  kill(pid, SIGCONT);
  return seconds_of(steady_now() - stopped);
}

// A stopped server is latency, not a gap in the figures: 1 s of a 10 s run at a constant rate, so
// the events that fell due in it waited from 1 s down to 0, evenly. 10 % of the events waited; the
// p99 lies a tenth of the pause below its end. A poll that was answered just before it has its
// interval on top.
void expect_stall(const result::CellResult& cell, double pause) {
  const double more = cell.strategy.strategy == "polling" ? kPollInterval_s : 0;
  const double most = seconds_of(cell.latency.max());
  const double p99 = seconds_of(cell.latency.quantile(0.99));
  EXPECT_EQ(cell.counters[Counter::kLost], 0U) << cell.name;
  EXPECT_EQ(cell.counters[Counter::kDelivered], cell.counters[Counter::kExpected]) << cell.name;
  EXPECT_EQ(result::imbalance_of(cell), "") << cell.name;
  EXPECT_GE(most, pause - 0.1) << cell.name;
  EXPECT_LE(most, pause + more + 0.1) << cell.name;
  EXPECT_GE(p99, 0.9 * pause - 0.1) << cell.name;
  EXPECT_LE(p99, 0.9 * pause + more + 0.1) << cell.name;
  EXPECT_LT(seconds_of(cell.latency.quantile(0.5)), more / 2 + 0.1) << cell.name;
  EXPECT_LT(cell.publisher_lag.quantile(0.99), milliseconds(100))
      << cell.name << ": the publisher must not have waited";
}

TEST(Measurement, AStoppedServerShowsAsTheLatencyItIsForEveryStrategy) {
  const std::string out = fresh_directory("stopped");
  const std::vector<std::string> cells{
      "polling/interval=500ms", "polling/interval=500ms,new-connection",
      "long-polling/hold=25s",  "streaming/chunked",
      "streaming/sse",          "websocket"};
  Process process({"run", write_scenario("stopped", stall_scenario(kEveryStrategy)), "--out", out});
  std::vector<double> pauses;
  for (const auto& cell : cells) {
    ASSERT_TRUE(process.wait_for_text(cell + ", ", std::chrono::seconds(30))) << cell;
    let_run(process, std::chrono::seconds(3));
    const auto children = children_of(process.pid());
    ASSERT_EQ(children.size(), 1U);
    pauses.push_back(stop_for_a_second(process, children[0]));
  }
  process.finish(std::chrono::seconds(40));
  const auto run = load_run(out);
  ASSERT_EQ(run.cells.size(), cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    ASSERT_EQ(run.cells[i].name, cells[i]);
    expect_stall(run.cells[i], pauses[i]);
  }
}

// Who measures stands still: what was due meanwhile was late, which is in the latency, and a run
// that was late itself is not valid.
TEST(Measurement, AStoppedGeneratorIsInTheLatencyAndTheRunIsNotValid) {
  const std::string out = fresh_directory("stopped-generator");
  Process process({"run",
                   write_scenario("stopped-generator", stall_scenario("  - websocket: {}\n")),
                   "--out", out});
  ASSERT_TRUE(process.wait_for_text("websocket, ", std::chrono::seconds(30)));
  let_run(process, std::chrono::seconds(3));
  const double pause = stop_for_a_second(process, process.pid());
  EXPECT_EQ(process.finish(std::chrono::seconds(40)).code, 3);
  const auto run = load_run(out);
  ASSERT_EQ(run.cells.size(), 1U);
  const auto& cell = run.cells[0];
  EXPECT_EQ(result::imbalance_of(cell), "");
  EXPECT_EQ(cell.counters[Counter::kLost], 0U);
  EXPECT_NEAR(seconds_of(cell.latency.max()), pause, 0.1);
  EXPECT_NEAR(seconds_of(cell.latency.quantile(0.99)), 0.9 * pause, 0.1);
  EXPECT_NEAR(seconds_of(cell.publisher_lag.quantile(0.99)), 0.9 * pause, 0.1);
  EXPECT_EQ(run.verdict, result::Verdict::kInvalid);
  for (const char* id : {"publisher-lag", "loop-lag"}) {
    EXPECT_TRUE(std::any_of(run.caveats.begin(), run.caveats.end(), [&](const auto& caveat) {
      return caveat.id == id && caveat.severity == result::Verdict::kInvalid;
    })) << id;
  }
}

}  // namespace
}  // namespace pushbench::e2e
