#include "harness/result/metric_readings.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::result::readings {
namespace {

CellResult with_server(std::uint64_t user_ticks, std::uint64_t system_ticks) {
  CellResult cell;
  cell.counters[Counter::kReceived] = 1000;
  cell.server = ServerCost{.cpu_ns = 6'000'000,
                           .connections = 50,
                           .user_ticks = user_ticks,
                           .system_ticks = system_ticks,
                           .voluntary_switches = 400,
                           .involuntary_switches = 100};
  return cell;
}

TEST(MetricReadings, TheCpuSplitIsWithheldWhenItIsTooCoarse) {
  EXPECT_FALSE(server_cpu_user(with_server(33, 66)));
  EXPECT_EQ(server_cpu_user(with_server(40, 60)), 2'400);
  EXPECT_EQ(server_cpu_system(with_server(40, 60)), 3'600);
  EXPECT_EQ(server_switches(with_server(0, 0)), 0.5);
  EXPECT_FALSE(server_switches(CellResult()));
  CellResult uncounted = with_server(0, 0);
  uncounted.server->voluntary_switches = uncounted.server->involuntary_switches = 0;
  EXPECT_FALSE(server_switches(uncounted));
}

TEST(MetricReadings, ACompressionRatioIsOfTheEventsText) {
  CellResult cell;
  cell.counters[Counter::kEventText] = 900;
  cell.counters[Counter::kPayloadDown] = 300;
  EXPECT_FALSE(compression_ratio(cell));
  cell.strategy.compression = "gzip";
  EXPECT_EQ(compression_ratio(cell), 3);
  cell.counters[Counter::kEventText] = 0;  // nothing came compressed
  EXPECT_FALSE(compression_ratio(cell));
}

TEST(MetricReadings, ClientsPerSecondIsOfTheRampAsItWent) {
  CellResult cell;
  cell.clients = 1000;
  EXPECT_FALSE(clients_per_s(cell));
  cell.phases.warmup_s = 0.5;
  EXPECT_EQ(clients_per_s(cell), 2000);
}

TEST(MetricReadings, APublishCostsWhatTheProbeSaw) {
  CellResult cell = with_server(0, 0);
  EXPECT_FALSE(publish_cpu(cell));
  cell.server->publish_cpu_ns = 15'000;
  EXPECT_EQ(publish_cpu(cell), 15'000);
  EXPECT_FALSE(publish_cpu(CellResult()));
}

TEST(MetricReadings, KernelMemoryIsAGrowthPerConnection) {
  CellResult cell = with_server(0, 0);
  EXPECT_FALSE(kernel_memory(cell)) << "nobody looked";
  cell.server->kernel_base_bytes = 1'000'000;
  cell.server->kernel_bytes = 1'375'000;
  EXPECT_EQ(kernel_memory(cell), 7'500);
  cell.server->kernel_bytes = 999'999;
  EXPECT_FALSE(kernel_memory(cell)) << "the host gave memory back";
  cell.server->kernel_bytes = 1'375'000;
  cell.strategy.new_connection = true;
  EXPECT_FALSE(kernel_memory(cell));
}

TEST(MetricReadings, KernelCountsAreThoseOfTheClients) {
  CellResult cell;
  cell.counters[Counter::kReceived] = 10;
  EXPECT_FALSE(
      (kernel_per_delivery<&KernelTraffic::segments_out, &KernelTraffic::segments_in>(cell)));
  EXPECT_FALSE(retransmitted(cell));
  cell.kernel_clients = KernelTraffic{.segments_out = 10,
                                      .segments_in = 10,
                                      .ip_out_bytes = 520,
                                      .ip_in_bytes = 1'840,
                                      .retransmitted = 1};
  EXPECT_EQ((kernel_per_delivery<&KernelTraffic::segments_out, &KernelTraffic::segments_in>(cell)),
            2);
  EXPECT_EQ((kernel_per_delivery<&KernelTraffic::ip_out_bytes, &KernelTraffic::ip_in_bytes>(cell)),
            236);
  EXPECT_FALSE(rtt(cell));
  cell.kernel_server = KernelTraffic{.retransmitted = 2};
  EXPECT_EQ(retransmitted(cell), 3);
}

TEST(MetricReadings, PeaksPassOverWhatWasNotMeasured) {
  EXPECT_FALSE(highest({}));
  EXPECT_FALSE(highest({std::nan("")}));
  EXPECT_EQ(highest({std::nan(""), 0, 7, 3}), 7);
}

TEST(MetricReadings, ConnectOrderNeedsTwoGroups) {
  CellResult cell;
  EXPECT_FALSE(connect_order_effect(cell));
  cell.connect_order = {{.clients = 10, .mean_ns = 1000}, {.clients = 10, .mean_ns = 800}};
  EXPECT_EQ(connect_order_effect(cell), -200);
}

TEST(MetricReadings, EmptyShareIsOfTheAnswers) {
  CellResult cell;
  EXPECT_FALSE(empty_share(cell));
  cell.counters[Counter::kAnswers] = 8;
  cell.counters[Counter::kEmptyPolls] = 2;
  EXPECT_EQ(empty_share(cell), 0.25);
}

}  // namespace
}  // namespace pushbench::result::readings
