#include "harness/result/metrics.h"

#include "harness/result/example_result.h"
#include "harness/stats/interval.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pushbench::result {
namespace {

std::optional<double> read(std::string_view name, const CellResult& cell) {
  const auto* metric = find_metric(name);
  EXPECT_NE(metric, nullptr) << name;
  return metric == nullptr ? std::nullopt : metric->read(cell);
}

CellResult with_latencies(std::uint64_t events) {
  CellResult cell;
  cell.events_measured = events;
  for (int i = 1; i <= 1000; ++i) {
    cell.latency.record(stats::Nanos{i * 1000});
  }
  return cell;
}

TEST(Metrics, NamesAreUniqueAndTellTheirUnit) {
  std::set<std::string_view> seen;
  for (const auto& metric : metrics()) {
    EXPECT_TRUE(seen.insert(metric.name).second) << metric.name;
    const bool nanos = metric.name.find("_ns") != std::string_view::npos;
    const bool bytes = metric.name.find("bytes") != std::string_view::npos;
    EXPECT_EQ(nanos, metric.unit == Unit::kNanos) << metric.name;
    EXPECT_EQ(bytes, metric.unit == Unit::kBytes) << metric.name;
    EXPECT_TRUE(metric.about.ends_with(".")) << metric.name;
  }
  EXPECT_EQ(find_metric("latency"), nullptr);
}

// Absent where nothing was expected: the cell was not audited.
bool is_of_the_audit(const Metric& metric) {
  static const std::set<std::string_view> names{"expected",    "delivered", "lost",
                                                "lost_in_gap", "in_flight", "duplicate",
                                                "reordered",   "late"};
  return names.contains(metric.name);
}

TEST(Metrics, EmptyCellHasNoPercentilesAndNoRatios) {
  const CellResult empty;
  for (const auto& metric : metrics()) {
    const bool counted =
        metric.unit == Unit::kCount ||
        (metric.unit == Unit::kBytes && metric.name.find("per_") == std::string_view::npos);
    const bool census = metric.name.find("peak") != std::string_view::npos ||
                        metric.name == "retransmitted_segments" ||
                        metric.name == "unexplained_bytes";  // absent when nobody looked
    const bool looked = !census || metric.name == "sockets_peak";
    EXPECT_EQ(metric.read(empty).has_value(), counted && looked && !is_of_the_audit(metric))
        << metric.name;
  }
}

TEST(Metrics, WhatTheAuditCountsIsThereWhenSomethingWasExpected) {
  CellResult audited;
  audited.counters[Counter::kExpected] = 1;
  for (const auto& metric : metrics()) {
    EXPECT_TRUE(!is_of_the_audit(metric) || metric.read(audited)) << metric.name;
  }
}

TEST(Metrics, LatencyPercentilesNeedIndependentEvents) {
  EXPECT_FALSE(read("latency_p99_ns", with_latencies(298)));
  EXPECT_NEAR(*read("latency_p99_ns", with_latencies(299)), 990'000, 1'000);
  EXPECT_FALSE(read("latency_p999_ns", with_latencies(2'994)));
  EXPECT_NEAR(*read("latency_p999_ns", with_latencies(2'995)), 999'000, 1'000);
  EXPECT_FALSE(read("latency_p50_ns", with_latencies(stats::samples_needed(0.5) - 1)));
  EXPECT_NEAR(*read("latency_p50_ns", with_latencies(stats::samples_needed(0.5))), 500'000, 500);
  EXPECT_EQ(read("latency_max_ns", with_latencies(1)), 1'000'000);
  EXPECT_EQ(read("latency_mean_ns", with_latencies(1)), 500'500);
}

TEST(Metrics, OtherPercentilesCountTheirOwnSamples) {
  CellResult cell;
  for (int i = 0; i < 298; ++i) {
    cell.setup.record(stats::Nanos{5'000});
  }
  EXPECT_FALSE(read("setup_p99_ns", cell));
  cell.setup.record(stats::Nanos{5'000});
  EXPECT_EQ(read("setup_p99_ns", cell), 5'000);
  EXPECT_FALSE(read("loop_lag_p99_ns", cell));
}

TEST(Metrics, BytesPerDeliveryIsTheSumOfItsLayers) {
  CellResult cell;
  auto& c = cell.counters;
  c[Counter::kReceived] = 10;
  c[Counter::kHeadUp] = 100;
  c[Counter::kHeadDown] = 200;
  c[Counter::kFramingUp] = 6;
  c[Counter::kFramingDown] = 34;
  c[Counter::kPayloadUp] = 0;
  c[Counter::kPayloadDown] = 1280;
  EXPECT_EQ(read("head_bytes_per_delivery", cell), 30);
  EXPECT_EQ(read("framing_bytes_per_delivery", cell), 4);
  EXPECT_EQ(read("payload_bytes_per_delivery", cell), 128);
  EXPECT_EQ(read("bytes_per_delivery", cell), 162);
  EXPECT_EQ(read("head_up_bytes", cell), 100);
  EXPECT_EQ(read("framing_down_bytes", cell), 34);
}

TEST(Metrics, PollingRatios) {
  CellResult cell;
  auto& c = cell.counters;
  c[Counter::kReceived] = 60;
  c[Counter::kRequests] = 30;
  c[Counter::kAnswers] = 30;
  c[Counter::kEmptyPolls] = 10;
  EXPECT_EQ(read("requests_per_delivery", cell), 0.5);
  EXPECT_EQ(read("events_per_response", cell), 3);
  c[Counter::kEmptyPolls] = 30;
  EXPECT_FALSE(read("events_per_response", cell));
}

TEST(Metrics, CostsAreAbsentUnlessMeasured) {
  CellResult cell;
  cell.counters[Counter::kReceived] = 1000;
  cell.counters[Counter::kSocketsPeak] = 80;  // upstream connections came later
  EXPECT_FALSE(read("time_wait_peak", cell));
  EXPECT_FALSE(read("server_cpu_ns_per_delivery", cell));
  EXPECT_FALSE(read("client_cpu_ns_per_delivery", cell));
  cell.server = ServerCost{
      .cpu_ns = 5'000'000, .memory_base_bytes = 1000, .memory_bytes = 501'000, .connections = 50};
  cell.generator.worker_cpu_ns = 2'000'000;
  EXPECT_EQ(read("server_cpu_ns_per_delivery", cell), 5'000);
  EXPECT_EQ(read("client_cpu_ns_per_delivery", cell), 2'000);
  EXPECT_EQ(read("server_memory_bytes_per_connection", cell), 10'000);
  cell.server->memory_bytes = 10;  // the server gave memory back
  EXPECT_FALSE(read("server_memory_bytes_per_connection", cell));
}

TEST(Metrics, RatesAndUpstream) {
  CellResult cell;
  cell.counters[Counter::kReceived] = 1000;
  cell.measure_s = 4;
  cell.counters[Counter::kUpstreamSent] = 10;
  cell.counters[Counter::kUpstreamBytesUp] = 700;
  cell.counters[Counter::kUpstreamBytesDown] = 20;
  EXPECT_EQ(read("received_per_s", cell), 250);
  EXPECT_EQ(read("upstream_bytes_per_event", cell), 72);
}

TEST(Metrics, AreWrittenForPeople) {
  EXPECT_EQ(format_metric(*find_metric("latency_p99_ns"), 1'234'567), "1.23 ms");
  EXPECT_EQ(format_metric(*find_metric("latency_p99_ns"), std::nullopt), "n too small");
  EXPECT_EQ(format_metric(*find_metric("latency_max_ns"), std::nullopt), "-");
  EXPECT_EQ(format_metric(*find_metric("bytes_per_delivery"), 39), "39 B");
  EXPECT_EQ(format_metric(*find_metric("delivered"), 1234), "1,234");
  EXPECT_EQ(format_metric(*find_metric("requests_per_delivery"), 0.25), "0.25");
  EXPECT_EQ(format_metric(*find_metric("received_per_s"), 6000), "6,000/s");
}

TEST(Metrics, MeanHasTwelveDigits) {
  stats::Histogram histogram;
  histogram.record(stats::Nanos{1}, 2);
  histogram.record(stats::Nanos{2}, 1);
  EXPECT_EQ(mean_ns(histogram), 1.33333333333);
}

TEST(Metrics, ReferenceListsEveryMetric) {
  const auto text = metric_reference();
  for (const auto& metric : metrics()) {
    EXPECT_NE(text.find("| `" + std::string(metric.name) + "` |"), std::string::npos);
  }
}

}  // namespace
}  // namespace pushbench::result
