// What the kernel says of a run, held against what the run counted itself: sockets of both ends,
// segments and bytes on IP level, the cost of a server that was not started here.
#include "harness/e2e/process.h"
#include "harness/result/metrics.h"
#include "harness/swarm/process.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

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

// Resident memory, as the kernel counts it: objects, what the allocator adds, pages half used. A
// sanitizer keeps something beside every object.
TEST(Kernel, AnIdleConnectionOfTheServerTakesLessThanAKilobyte) {
  constexpr double kMost = 1000;
  constexpr double kLeast = 200;  // its object is larger: nothing was measured
  const auto run = measured_run(
      "idle-memory",
      {write_scenario("idle-memory",
                      "name: idle-memory\nclients: 4000\nevents: {rate: 1/s, payload: 128B}\n"
                      "phases: {ramp: 1s, warmup: 1s, measure: 1s, drain: 1s}\nstrategies:\n"
                      "  - long-polling: {}\n  - streaming: {encoding: chunked}\n"
                      "  - streaming: {encoding: sse}\n  - websocket: {}\n")});
  ASSERT_EQ(run.cells.size(), 4U);
  for (const auto& cell : run.cells) {
    const double bytes = metric(cell, "server_memory_bytes_per_connection");
    std::printf("%s: %.0f bytes an idle connection\n", cell.name.c_str(), bytes);
    EXPECT_GE(bytes, kLeast) << cell.name;
    EXPECT_LE(bytes, within(kMost)) << cell.name;
  }
}

// Runs against a server of its own, and says where it is.
class Foreign {
 public:
  Foreign() : server_({"serve", "--listen", "127.0.0.1:0"}) {
    EXPECT_TRUE(server_.wait_for_text("listening on http://127.0.0.1:", std::chrono::seconds(20)));
    const std::string words = server_.out();
    const auto at = words.find("http://");
    url_ = words.substr(at, words.find_first_of(" \r\n", at) - at);
  }
  const std::string& url() const { return url_; }
  Process& process() { return server_; }
  int id() const { return server_.pid(); }
  std::string pid() const { return std::to_string(server_.pid()); }

 private:
  Process server_;
  std::string url_;
};

TEST(Kernel, AServerOfSomebodyElseIsMeasuredByItsProcess) {
  const Foreign server;
  const auto run = measure("foreign", "  - websocket: {}\n",
                           {"--server", server.url(), "--server-pid", server.pid()});
  ASSERT_EQ(run.cells.size(), 1U);
  const auto& cell = run.cells[0];
  ASSERT_TRUE(cell.server);
  EXPECT_GT(cell.server->cpu_ns, 0U);
  EXPECT_EQ(cell.server->connections, kClients);
  EXPECT_GT(cell.server->voluntary_switches + cell.server->involuntary_switches, 0U);
  EXPECT_GT(cell.server->kernel_base_bytes, 0U);
  if (cell.server->kernel_bytes != 0) {  // growth by forty clients often drowns among others
    EXPECT_GT(cell.server->kernel_bytes, cell.server->kernel_base_bytes);
  }
  // A publish and forty deliveries of it cost more than a publish alone.
  const double publish = metric(cell, "server_cpu_ns_per_publish");
  EXPECT_GT(publish, 0);
  EXPECT_LT(publish, kClients * metric(cell, "server_cpu_ns_per_delivery"));
  EXPECT_TRUE(cell.generator.steal_share);
}

// Both measure one server under one load. What that costs moves with the machine from run to run,
// so the bound between the two is wide; within one run the page and the kernel count the same
// seconds, of which the window has three in four or five.
TEST(Kernel, AServerElsewhereIsMeasuredByItsPage) {
  const Foreign server;
  const auto by_pid = measure("by-pid", "  - websocket: {}\n",
                              {"--server", server.url(), "--server-pid", server.pid()});
  const auto before = swarm::sample_process(server.id());
  const auto by_page = measure("by-page", "  - websocket: {}\n",
                               {"--server", server.url(), "--server-metrics", server.url()});
  const auto after = swarm::sample_process(server.id());
  ASSERT_EQ(by_pid.cells.size(), 1U);
  ASSERT_EQ(by_page.cells.size(), 1U);
  const auto& kernel = by_pid.cells[0];
  const auto& page = by_page.cells[0];
  ASSERT_TRUE(kernel.server && page.server);
  const double ratio =
      metric(page, "server_cpu_ns_per_delivery") / metric(kernel, "server_cpu_ns_per_delivery");
  EXPECT_GT(ratio, 1 / 2.0);  // a busy machine moves it by a third; a wrong unit by far more
  EXPECT_LT(ratio, 2.0);
  ASSERT_TRUE(before && after);
  EXPECT_LE(page.server->cpu_ns, after->cpu_ns - before->cpu_ns);
  EXPECT_GE(page.server->cpu_ns, (after->cpu_ns - before->cpu_ns) / 3);
  EXPECT_EQ(page.server->connections, kClients);
  EXPECT_GT(page.server->memory_base_bytes, kernel.server->memory_base_bytes / 2);
  EXPECT_LT(page.server->memory_base_bytes, kernel.server->memory_base_bytes * 2);
  EXPECT_GE(measured(page, page.series.server_cpu_share).size(), 2U);
  EXPECT_EQ(by_page.environment.at("server_cost_from"), server.url() + "/metrics");
  EXPECT_TRUE(result::find_metric("server_cpu_ns_per_delivery")->read(page));
  EXPECT_FALSE(result::find_metric("server_switches_per_delivery")->read(page));
  const auto& caveats = by_page.caveats;
  EXPECT_TRUE(std::any_of(caveats.begin(), caveats.end(), [](const auto& caveat) {
    return caveat.id.starts_with("server-metrics") && caveat.id != "server-metrics-failed" &&
           caveat.text.find("of itself") != std::string::npos;
  }));
}

// A process that only looked like the server: its end is told, and no cost is made up.
TEST(Kernel, AProcessThatEndsIsNamed) {
  const Foreign server;
  Foreign decoy;
  const std::string out = fresh_directory("decoy");
  Process run({"run",
               write_scenario("decoy",
                              "name: decoy\nclients: 5\nevents: {rate: 20/s}\n"
                              "phases: {ramp: 100ms, warmup: 500ms, measure: 3s, drain: 1s}\n"
                              "strategies:\n  - websocket: {}\n"),
               "--out", out, "--server", server.url(), "--server-pid", decoy.pid()});
  ASSERT_TRUE(run.wait_for_text("websocket, ", std::chrono::seconds(20)));
  decoy.process().signal(SIGKILL);
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
