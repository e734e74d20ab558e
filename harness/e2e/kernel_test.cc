// What the kernel says of a run, held against what the run counted itself: sockets of both ends,
// segments and bytes on IP level, the cost of a server that was not started here.
#include "harness/e2e/process.h"
#include "harness/result/metrics.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <cmath>

namespace pushbench::e2e {
namespace {

using result::CellResult;
using result::Counter;

constexpr double kClients = 40;

result::RunResult measure(const std::string& name,
                          const std::string& strategies,
                          std::vector<std::string> arguments = {}) {
  const std::string scenario =
      write_scenario(name, "name: " + name +
                               "\nclients: 40\nevents: {rate: 50/s, payload: 128B}\n"
                               "phases: {ramp: 200ms, warmup: 1s, measure: 3s, drain: 1s}\n"
                               "strategies:\n" +
                               strategies);
  arguments.insert(arguments.begin(), scenario);
  return measured_run(name, std::move(arguments));
}

// The points that lie wholly within the measure phase.
std::vector<double> measured(const CellResult& cell, const std::vector<double>& points) {
  std::vector<double> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double end = cell.series.at_s[i];
    if (end > *cell.phases.measure_s && end <= *cell.phases.drain_s) {
      out.push_back(points[i]);
    }
  }
  return out;
}

std::uint64_t l7_bytes(const CellResult& cell) {
  std::uint64_t sum = 0;
  for (const auto counter : {Counter::kHeadUp, Counter::kFramingUp, Counter::kPayloadUp,
                             Counter::kHeadDown, Counter::kFramingDown, Counter::kPayloadDown}) {
    sum += cell.counters[counter];
  }
  return sum;
}

double metric(const CellResult& cell, std::string_view name) {
  return result::find_metric(name)->read(cell).value_or(-1);
}

TEST(Kernel, TheCensusFindsEveryClientAtBothEnds) {
  const auto run = measure("census", "  - polling: {interval: 500ms}\n  - websocket: {}\n");
  ASSERT_EQ(run.cells.size(), 2U);
  for (const auto& cell : run.cells) {
    ASSERT_TRUE(cell.phases.warmup_s && cell.phases.measure_s && cell.phases.drain_s &&
                cell.phases.end_s);
    EXPECT_NEAR(*cell.phases.drain_s - *cell.phases.measure_s, cell.measure_s, within(0.1));
    for (const auto* series : {&cell.series.clients_established, &cell.series.server_established}) {
      const auto points = measured(cell, *series);
      EXPECT_GE(points.size(), 2U) << cell.name;
      for (const double point : points) {
        EXPECT_TRUE(std::isnan(point) || point == kClients) << cell.name << ": " << point;
      }
      EXPECT_TRUE(std::any_of(points.begin(), points.end(),
                              [](double point) { return point == kClients; }));
    }
    EXPECT_EQ(cell.series.socket_memory_bytes.size(), cell.series.at_s.size());
  }
  EXPECT_EQ(run.environment.at("clients_congestion_control"), "cubic");
  EXPECT_EQ(run.environment.at("server_congestion_control"), "cubic");
  EXPECT_EQ(run.environment.at("clients_segment_bytes"), "1448");
  EXPECT_EQ(run.environment.at("server_segment_bytes"), "1448");
}

TEST(Kernel, TheWireCarriesWhatTheRunCountedAndItsHeads) {
  const auto run = measure("wire",
                           "  - polling: {interval: 200ms}\n"
                           "  - polling: {interval: 200ms, connection: new}\n"
                           "  - long-polling: {}\n  - streaming: {encoding: sse}\n"
                           "  - websocket: {}\n");
  ASSERT_EQ(run.cells.size(), 5U);
  for (const auto& cell : run.cells) {
    ASSERT_TRUE(cell.kernel_clients) << cell.name;
    const auto& kernel = *cell.kernel_clients;
    const std::uint64_t segments = kernel.segments_out + kernel.segments_in;
    const auto data = static_cast<double>(kernel.bytes_out + kernel.bytes_in);
    const auto counted = static_cast<double>(l7_bytes(cell));
    // The two windows open within a tick of each other; retransmission may add.
    EXPECT_NEAR(data, counted, within(0.02) * counted) << cell.name;
    EXPECT_GE(kernel.ip_out_bytes + kernel.ip_in_bytes, l7_bytes(cell) + 40 * segments)
        << cell.name;
    EXPECT_GT(kernel.rtt_mean_ns, 0U) << cell.name;
    const bool closes = cell.strategy.new_connection;
    EXPECT_EQ(cell.kernel_server.has_value(), !closes) << cell.name;
    if (closes) {  // 3 to open, 3 to close, question and answer, acknowledged or not
      const auto opened = static_cast<double>(cell.counters[Counter::kRequests]);
      EXPECT_GE(static_cast<double>(segments), (1 - within(0.02)) * 9 * opened);
      EXPECT_LE(static_cast<double>(segments), (1 + within(0.02)) * 12 * opened);
    } else {
      EXPECT_NEAR(static_cast<double>(cell.kernel_server->segments_out),
                  static_cast<double>(kernel.segments_in),
                  within(0.02) * static_cast<double>(kernel.segments_in))
          << cell.name;
    }
  }
  // A broadcast frame is one segment, acknowledged by one or together with others.
  EXPECT_GE(metric(run.cells[4], "segments_per_delivery"), 1.0);
  EXPECT_LE(metric(run.cells[4], "segments_per_delivery"), 2.1);
}

TEST(Kernel, AServerOfSomebodyElseIsMeasuredByItsProcess) {
  Process server({"serve", "--listen", "127.0.0.1:0"});
  ASSERT_TRUE(server.wait_for_text("listening on http://127.0.0.1:", std::chrono::seconds(20)));
  const std::string words = server.out();
  const auto at = words.find("http://");
  const std::string url = words.substr(at, words.find_first_of(" \r\n", at) - at);
  const auto run = measure("foreign", "  - websocket: {}\n",
                           {"--server", url, "--server-pid", std::to_string(server.pid())});
  ASSERT_EQ(run.cells.size(), 1U);
  const auto& cell = run.cells[0];
  ASSERT_TRUE(cell.server);
  EXPECT_GT(cell.server->cpu_ns, 0U);
  EXPECT_EQ(cell.server->connections, kClients);
  EXPECT_GT(cell.server->voluntary_switches + cell.server->involuntary_switches, 0U);
  EXPECT_GT(cell.server->kernel_bytes, 0U);
  // A publish and forty deliveries of it cost more than a publish alone.
  const double publish = metric(cell, "server_cpu_ns_per_publish");
  EXPECT_GT(publish, 0);
  EXPECT_LT(publish, kClients * metric(cell, "server_cpu_ns_per_delivery"));
  EXPECT_TRUE(cell.generator.steal_share);
}

// A process that only looked like the server: its end is told, and no cost is made up.
TEST(Kernel, AProcessThatEndsIsNamed) {
  Process server({"serve", "--listen", "127.0.0.1:0"});
  Process decoy({"serve", "--listen", "127.0.0.1:0"});
  ASSERT_TRUE(server.wait_for_text("listening on http://127.0.0.1:", std::chrono::seconds(20)));
  ASSERT_TRUE(decoy.wait_for_text("listening on http://127.0.0.1:", std::chrono::seconds(20)));
  const std::string words = server.out();
  const auto at = words.find("http://");
  const std::string url = words.substr(at, words.find_first_of(" \r\n", at) - at);
  const std::string out = fresh_directory("decoy");
  Process run({"run",
               write_scenario("decoy",
                              "name: decoy\nclients: 5\nevents: {rate: 20/s}\n"
                              "phases: {ramp: 100ms, warmup: 500ms, measure: 3s, drain: 1s}\n"
                              "strategies:\n  - websocket: {}\n"),
               "--out", out, "--server", url, "--server-pid", std::to_string(decoy.pid())});
  ASSERT_TRUE(run.wait_for_text("websocket, ", std::chrono::seconds(20)));
  decoy.signal(SIGKILL);
  const auto finished = run.finish(std::chrono::seconds(40));
  const auto result = load_run(out);
  const auto& caveats = result.caveats;
  EXPECT_TRUE(std::any_of(caveats.begin(), caveats.end(), [](const auto& caveat) {
    return caveat.id == "server-process-ended";
  })) << finished.out;
  EXPECT_FALSE(result.cells.at(0).server);
  EXPECT_EQ(result.cells.at(0).counters[Counter::kLost], 0U);
}

}  // namespace
}  // namespace pushbench::e2e
