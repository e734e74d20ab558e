// Every byte of a run is explained: the closed forms, given the run's own counts, come to what
// crossed the sockets, in every layer of every strategy. And what they said before the run holds.
#include "harness/e2e/process.h"
#include "harness/result/metrics.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::e2e {
namespace {

constexpr std::size_t kCells = 6;

void expect_explained(const result::RunResult& run) {
  ASSERT_EQ(run.cells.size(), kCells);
  for (const auto& cell : run.cells) {
    EXPECT_GT(cell.counters[result::Counter::kReceived], 0U) << cell.name;
    ASSERT_TRUE(cell.unexplained_bytes) << cell.name;
    EXPECT_EQ(*cell.unexplained_bytes, 0U) << cell.name;
    EXPECT_FALSE(cell.exact.empty()) << cell.name;
  }
}

// A metric beside its interval, when both are there.
void expect_held(const result::CellResult& cell, const std::string& metric) {
  const auto value = result::find_metric(metric)->read(cell);
  const auto range = cell.predicted.find(metric);
  ASSERT_NE(range, cell.predicted.end()) << cell.name << " " << metric;
  if (value) {
    EXPECT_GE(*value, range->second.low) << cell.name << " " << metric;
    EXPECT_LE(*value, range->second.high) << cell.name << " " << metric;
  }
}

constexpr const char* kStrategies =
    "strategies:\n  - polling: {interval: 250ms}\n  - polling: {interval: 250ms, connection: new}\n"
    "  - long-polling: {}\n  - streaming: {encoding: chunked}\n  - streaming: {encoding: sse}\n"
    "  - websocket: {}\n";

TEST(ExplainedBytes, OfDrawnSizesAndManyTopics) {
  const auto scenario = write_scenario(
      "drawn", std::string("name: drawn\nclients: 30\ntopics: 12\ntopics-per-client: 2\n"
                           "events: {rate: 60/s, payload: {uniform: [60B, 300B]}}\n"
                           "phases: {ramp: 300ms, warmup: 1s, measure: 3s, drain: 1s}\n") +
                   kStrategies);
  expect_explained(measured_run("drawn", {scenario}));
}

TEST(ExplainedBytes, OfTextWithEscapesAndOfUpstreamEvents) {
  const auto scenario = write_scenario(
      "upstream", std::string("name: upstream\nclients: 20\nupstream: {rate: 2/s, payload: 64B}\n"
                              "events: {rate: 20/s, payload: 200B}\n"
                              "phases: {ramp: 300ms, warmup: 500ms, measure: 3s, drain: 1s}\n") +
                      kStrategies);
  expect_explained(measured_run("upstream", {scenario}));
  const auto headlines =
      measured_run("headlines", {"news-feed", "--clients", "50", "--rate", "40/s", "--ramp",
                                 "500ms", "--warmup", "1s", "--measure", "15s", "--strategy",
                                 "long-polling", "--strategy", "streaming"});
  for (const auto& cell : headlines.cells) {
    ASSERT_TRUE(cell.unexplained_bytes) << cell.name;
    EXPECT_EQ(*cell.unexplained_bytes, 0U) << cell.name;
  }
}

// No chance in it: bytes within what the edges of the window leave open.
TEST(PredictedFigures, HoldWhatIsMeasured) {
  const auto scenario = write_scenario(
      "steady", std::string("name: steady\nclients: 50\nevents: {rate: 16/s, arrival: constant, "
                            "payload: 100B}\n"
                            "phases: {ramp: 300ms, warmup: 1s, measure: 5s, drain: 1s}\n") +
                    kStrategies);
  const auto result = measured_run("steady", {scenario});
  expect_explained(result);
  for (const auto& cell : result.cells) {
    expect_held(cell, "payload_bytes_per_delivery");
    expect_held(cell, "sockets_peak");
    const auto value = result::find_metric("bytes_per_delivery")->read(cell);
    ASSERT_TRUE(value) << cell.name;
    EXPECT_NEAR(*value, cell.predicted.at("bytes_per_delivery").mean, within(0.02) * *value)
        << cell.name;
    const auto segments = result::find_metric("segments_per_delivery")->read(cell);
    if (segments) {  // absent where the kernel cannot be asked
      EXPECT_GE(*segments, (1 - within(0.02)) * cell.predicted.at("segments_per_delivery").low)
          << cell.name;
      EXPECT_LE(*segments, (1 + within(0.02)) * cell.predicted.at("segments_per_delivery").high)
          << cell.name;
    }
  }
}

}  // namespace
}  // namespace pushbench::e2e
