#include "reports/workload.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

#include <memory>

namespace pushbench::reports {
namespace {

TEST(Workload, InWords) {
  auto run = result::example_result();
  EXPECT_EQ(workload_line(run),
            "1,000 clients, 50 topics, 300 events/s (poisson), 128 B each, 10.0 s measured per "
            "cell");
  auto& scenario = run.scenario;
  scenario.clients = 1;
  scenario.topics = 1;
  scenario.repeats = 3;
  scenario.events.arrival = plan::Arrival::kBurst;
  scenario.events.payload = {.kind = plan::PayloadSpec::Kind::kUniform, .low = 20, .high = 2000};
  EXPECT_EQ(workload_line(run),
            "1 client, 1 topic, 300 events/s (burst), 20 B to 2.00 kB each, 10.0 s measured per "
            "cell, 3 repeats");
  scenario.link = {.rtt = std::chrono::milliseconds(100)};
  EXPECT_TRUE(workload_line(run).ends_with(", 3 repeats, over a link of 100ms round trip"))
      << workload_line(run);
}

TEST(Workload, ATraceIsNamed) {
  auto run = result::example_result();
  run.scenario.events.arrival = plan::Arrival::kTrace;
  run.scenario.events.trace =
      std::make_shared<const plan::Trace>(plan::Trace{.file = "traces/evening.txt"});
  EXPECT_NE(workload_line(run).find("300 events/s (trace traces/evening.txt)"), std::string::npos);
}

TEST(Workload, NamesTheServer) {
  EXPECT_EQ(server_name(result::example_result()), "pushbench's own server");
  EXPECT_EQ(server_name(result::doubtful_result()), "the server at http://192.0.2.7:8080");
}

}  // namespace
}  // namespace pushbench::reports
