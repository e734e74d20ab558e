#include "harness/study/workload.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::study {
namespace {

using std::chrono::seconds;

TEST(Workload, RatesAreThoseOfTheClosedForms) {
  Workload w;
  w.clients = 1000;
  w.events_per_client_per_s = 0.2;
  w.payload_bytes = 200;
  w.fan_out = 50;
  EXPECT_EQ(w.topics(), 20);
  EXPECT_EQ(w.deliveries_per_s(), 200);
  EXPECT_EQ(w.publishes_per_s(), 4);
  const Flow polls = flow_of(w, polling_cell(seconds(2)));
  EXPECT_NEAR(polls.requests_per_s, 500, 1e-9);
  EXPECT_NEAR(polls.latency.mean_s, 1, 1e-9);
  EXPECT_NEAR(polls.empty_share, std::exp(-0.4), 1e-9);
  EXPECT_EQ(polls.time_wait, 0);
  const Flow sockets = flow_of(w, websocket_cell());
  EXPECT_EQ(sockets.requests_per_s, 0);
  EXPECT_EQ(sockets.connections, 1000);
  EXPECT_NEAR(sockets.bytes_per_s.payload_down, 200 * 200, 1);
  // A frame head of 4 bytes around 200 bytes, and a ping of 2 bytes to each client every 30 s.
  EXPECT_NEAR(sockets.bytes_per_s.framing_down, 200 * 4 + 1000 * 2 / 30.0, 1e-6);
  EXPECT_GT(sockets.ip_bytes_per_s, sockets.bytes_per_s.total());
}

TEST(Workload, ANewConnectionForEveryPollHoldsNoneAndLeavesTimeWait) {
  Workload w;
  w.clients = 600;
  const Flow flow = flow_of(w, polling_cell(seconds(3), true));
  EXPECT_EQ(flow.connections, 0);
  EXPECT_NEAR(flow.time_wait, 60 * 600 / 3.0, 1);
}

TEST(Workload, TripsAndUpstreamAreInTheScenario) {
  Workload w;
  w.clients = 10;
  w.one_way_s = 0.05;
  w.upstream_per_client_per_s = 0.5;
  const auto scenario = scenario_of(w, {websocket_cell()});
  ASSERT_TRUE(scenario.link);
  EXPECT_EQ(scenario.link->rtt, std::chrono::milliseconds(100));
  ASSERT_TRUE(scenario.upstream);
  const Flow flow = flow_of(w, websocket_cell());
  EXPECT_NEAR(flow.latency.p99_s, 0.05, 1e-9);
  EXPECT_GT(flow.upstream_bytes_per_s, 10 * 0.5 * 64);
}

TEST(Workload, PollsAreSettledBeforeTheyAreMeasured) {
  plan::Scenario scenario = scenario_of(Workload{}, {websocket_cell(), polling_cell(seconds(3))});
  settle_polls(scenario);
  EXPECT_EQ(scenario.phases.warmup, seconds(3));
  scenario.strategies = {polling_cell(std::chrono::milliseconds(10))};
  settle_polls(scenario);
  EXPECT_EQ(scenario.phases.warmup, seconds(3));
}

}  // namespace
}  // namespace pushbench::study
