#include "harness/app/prediction.h"

#include "harness/base/nanos.h"
#include "harness/result/metrics.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::app {
namespace {

using result::Counter;

plan::StrategySpec spec_of(const std::string& strategy, const std::string& encoding = "chunked") {
  plan::StrategySpec spec;
  spec.strategy = strategy;
  spec.encoding = encoding;
  return spec;
}

result::CellResult cell_of(const plan::StrategySpec& spec) {
  result::CellResult cell;
  cell.name = spec.cell_name();
  cell.strategy = spec;
  cell.finished = true;
  return cell;
}

// Ten polls with cursors of 1 digit, four of them empty; the others brought eight events of 20
// bytes with numbers of one digit.
result::CellResult polled() {
  result::CellResult cell = cell_of(spec_of("polling"));
  auto& c = cell.counters;
  c[Counter::kReceived] = 8;
  c[Counter::kRequests] = 10;
  c[Counter::kAnswers] = 10;
  c[Counter::kEmptyPolls] = 4;
  c[Counter::kRequestDigits] = 10;
  c[Counter::kEmptyDigits] = 4;
  c[Counter::kFullDigits] = 6;
  c[Counter::kLengthDigits] = 12;
  c[Counter::kEventDigits] = 8;
  const std::string ask = "GET /poll/t0?after=1 HTTP/1.1\r\nHost: 127.0.0.1:43210\r\n\r\n";
  const std::string date = "Date: Sat, 21 Nov 2026 01:43:00 GMT\r\n";
  const std::string empty =
      "HTTP/1.1 204 No Content\r\n" + date + "Cache-Control: no-store\r\nETag: \"1\"\r\n\r\n";
  const std::string full = "HTTP/1.1 200 OK\r\n" + date +
                           "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\n"
                           "ETag: \"2\"\r\nContent-Length: 40\r\n\r\n";
  c[Counter::kHeadUp] = 10 * ask.size();
  c[Counter::kHeadDown] = 4 * empty.size() + 6 * full.size();
  c[Counter::kFramingDown] = 8 * std::string("{\"seq\":1,\"data\":\"\"}\n").size();
  c[Counter::kPayloadDown] = 8 * 20;
  return cell;
}

plan::Scenario twenties() {
  plan::Scenario scenario;
  scenario.events.payload.size = 20;
  return scenario;
}

TEST(Prediction, CountsExplainEveryByteOfPolls) {
  auto cell = polled();
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 0U);
  cell.counters[Counter::kHeadDown] += 3;
  cell.counters[Counter::kPayloadDown] -= 2;  // does not make up for it
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 5U);
}

TEST(Prediction, CountsExplainEveryByteOfStreams) {
  result::CellResult cell = cell_of(spec_of("streaming", "sse"));
  auto& c = cell.counters;
  c[Counter::kReceived] = 3;
  c[Counter::kEventDigits] = 5;  // 9, 10, 11
  c[Counter::kChunkDigits] = 8;
  c[Counter::kHeartbeats] = 2;
  c[Counter::kChunks] = 5;
  c[Counter::kPayloadDown] = 60;
  // id: 9 LF data: … LF LF in chunks 22, 23, 23; two comments in chunks of 3.
  c[Counter::kFramingDown] = 3 * (13 + 4) + 5 + 6 + 16;
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 0U);
  cell.strategy.encoding = "chunked";
  c[Counter::kHeartbeats] = 0;
  c[Counter::kChunks] = 2;  // two events in one
  c[Counter::kChunkDigits] = 4;
  c[Counter::kFramingDown] = 3 * 19 + 5 + 2 * 4 + 4;
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 0U);
  c[Counter::kEventEscapes] = 1;
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 1U);
}

TEST(Prediction, CountsExplainEveryByteOfWebSockets) {
  result::CellResult cell = cell_of(spec_of("websocket"));
  auto& c = cell.counters;
  c[Counter::kReceived] = 3;
  c[Counter::kPayloadDown] = 60;
  c[Counter::kHeartbeats] = 1;
  c[Counter::kFramingDown] = 3 * 2 + 2;
  c[Counter::kFramingUp] = 6;
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 0U);
  plan::Scenario drawn = twenties();
  drawn.events.payload.kind = plan::PayloadSpec::Kind::kUniform;
  c[Counter::kPayloadDown] = 300;
  c[Counter::kChunkDigits] = 2;  // one of them needs a longer head
  EXPECT_EQ(unexplained_bytes(drawn, cell, {}), 2U);
  c[Counter::kFramingDown] += 2;
  EXPECT_EQ(unexplained_bytes(drawn, cell, {}), 0U);
}

TEST(Prediction, WhatTheCountsDoNotTellIsLeftOut) {
  auto cell = polled();
  cell.counters[Counter::kGaps] = 1;
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), std::nullopt);
  cell = cell_of(spec_of("websocket"));
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), 0U);
  cell.counters[Counter::kRequests] = 1;
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), std::nullopt);
  cell = polled();
  cell.strategy.compression = "gzip";
  EXPECT_EQ(unexplained_bytes(twenties(), cell, {}), std::nullopt);
}

TEST(Prediction, FillsEveryFinishedCell) {
  result::RunResult run;
  run.server = "own";
  run.scenario = twenties();
  run.cells = {polled(), polled()};
  run.cells.back().finished = false;
  add_predictions(run);
  const auto& done = run.cells.front();
  EXPECT_EQ(done.unexplained_bytes, 0U);
  for (const char* metric :
       {"latency_mean_ns", "latency_max_ns", "latency_p99_ns", "requests_per_delivery",
        "bytes_per_delivery", "head_bytes_per_delivery", "framing_bytes_per_delivery",
        "payload_bytes_per_delivery", "segments_per_delivery", "ip_bytes_per_delivery",
        "sockets_peak", "time_wait_peak", "empty_share", "events_per_response"}) {
    EXPECT_EQ(done.predicted.count(metric), 1U) << metric;
  }
  for (const auto& [metric, value] : done.predicted) {
    EXPECT_NE(result::find_metric(metric), nullptr) << metric;
  }
  EXPECT_TRUE(run.cells.back().predicted.empty());
  EXPECT_FALSE(run.cells.back().unexplained_bytes);
}

// Its bytes are explained all the same, since they follow from what was counted.
TEST(Prediction, NoneOfPollsThatFollowAtOnce) {
  result::RunResult run;
  run.server = "own";
  run.scenario = twenties();
  run.cells = {polled()};
  run.cells.front().strategy.interval = Nanos(0);
  add_predictions(run);
  EXPECT_TRUE(run.cells.front().predicted.empty());
  EXPECT_EQ(run.cells.front().unexplained_bytes, 0U);
}

TEST(Prediction, OfAForeignServerOnlyWhatTheStrategyLeadsTo) {
  result::RunResult run;
  run.server = "http://127.0.0.1:8080";
  run.scenario = twenties();
  run.cells = {polled()};
  add_predictions(run);
  EXPECT_FALSE(run.cells.front().unexplained_bytes);
  EXPECT_EQ(run.cells.front().predicted.count("bytes_per_delivery"), 0U);
  EXPECT_EQ(run.cells.front().predicted.count("latency_mean_ns"), 1U);
}

}  // namespace
}  // namespace pushbench::app
