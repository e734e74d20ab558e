#include "harness/study/sizing.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

Estimate given(double value) {
  return {value, value, value, Estimate::State::kGiven};
}

// 10 µs a delivery or a poll, 1 kB and 4 kB of kernel a connection, measured with 10,000 clients.
FamilyCost cost_for(const std::string& family) {
  FamilyCost cost;
  cost.family = family;
  cost.base_cores = given(0.01);
  cost.request_cpu_s = given(10e-6);
  cost.delivery_cpu_s = given(family.starts_with("polling") ? 0 : 10e-6);
  cost.memory_base_bytes = given(10e6);
  cost.memory_each_bytes = given(1000);
  cost.kernel_each_bytes = given(8000);
  cost.clients_most = 100'000;
  return cost;
}

Workload load_of(double clients, double rate) {
  Workload w;
  w.clients = clients;
  w.events_per_client_per_s = rate;
  return w;
}

Size websocket_size(const Workload& w, const ServerKind& kind = {}, const LatencyBounds& b = {}) {
  return size_of(w, websocket_cell(), cost_for("websocket"), std::nullopt, kind, b);
}

TEST(Sizing, ProcessorTimeDecidesAndTheSumIsThatByHand) {
  // 100,000 clients, 20,000 deliveries/s each 10 µs = 0.2 cores, and 1,000,000/s = 10 cores.
  const Size small = websocket_size(load_of(100'000, 0.2));
  EXPECT_EQ(small.servers, 1);
  EXPECT_EQ(small.decided_by, Decides::kOne);
  EXPECT_NEAR(small.cores, 0.21, 1e-9);
  const Size large = websocket_size(load_of(100'000, 10));
  // 4 cores at 60 % are 2.4: (10 + 0.01 s) / s <= 2.4 gives 5.
  EXPECT_EQ(large.servers, 5);
  EXPECT_EQ(large.decided_by, Decides::kProcessor);
  EXPECT_NEAR(large.cores, 10.05, 1e-6);
}

TEST(Sizing, MemoryIsUserAndHalfOfWhatBothEndsTookInTheKernel) {
  ServerKind kind;
  kind.memory_bytes = 1e9;
  const Size size = websocket_size(load_of(400'000, 0.001), kind);
  // 5 kB each: 2 GB and 10 MB a server, 800 MB may be used of each.
  EXPECT_EQ(size.servers, 3);
  EXPECT_EQ(size.decided_by, Decides::kMemory);
  EXPECT_NEAR(size.user_memory_bytes, 3 * 10e6 + 400e6, 1);
  EXPECT_NEAR(size.kernel_memory_bytes, 1600e6, 1);
}

TEST(Sizing, NoServerIsLoadedBeyondFourTimesWhatWasMeasured) {
  FamilyCost cost = cost_for("websocket");
  cost.clients_most = 1000;
  const auto at = [&](double clients) {
    return size_of(load_of(clients, 0.001), websocket_cell(), cost, std::nullopt, {}, {});
  };
  EXPECT_FALSE(at(1000).extrapolated);
  EXPECT_EQ(at(4000).servers, 1);
  EXPECT_TRUE(at(4000).extrapolated);
  EXPECT_EQ(at(4001).servers, 2);
  EXPECT_EQ(at(4001).decided_by, Decides::kMeasuredRange);
  EXPECT_EQ(at(100'000).servers, 25);
}

TEST(Sizing, APollWithAConnectionOfItsOwnHoldsNoClients) {
  FamilyCost cost = cost_for("polling,new-connection");
  cost.clients_most = 1000;
  const Size size = size_of(load_of(100'000, 0.001), polling_cell(std::chrono::seconds(10), true),
                            cost, std::nullopt, {}, {});
  EXPECT_EQ(size.servers, 1);  // 10,000 polls a second of 10 µs
  EXPECT_FALSE(size.extrapolated);
}

TEST(Sizing, TheLinkCountsBytesOnIpLevel) {
  ServerKind kind;
  kind.cores = 64;
  kind.link_bytes_per_s = 1.25e6;
  Workload w = load_of(1000, 1);
  w.payload_bytes = 1000;
  const Size size = websocket_size(w, kind);
  // 1,000 × (1,004 + 52 of the segment and 52 of its acknowledgement, half of them down).
  EXPECT_NEAR(size.flow.ip_down_bytes_per_s(), 1000 * 1056, 20'000);
  EXPECT_EQ(size.servers, 2);
  EXPECT_EQ(size.decided_by, Decides::kLink);
}

TEST(Sizing, ABroadcastIsSplitUntilTheLastClientIsInTime) {
  // 100,000 clients of one topic: 1 s of 10 µs each on one core, 0.25 s on four.
  Workload w = load_of(100'000, 0.1);
  w.fan_out = 100'000;
  LatencyBounds bounds;
  bounds.p99_s = 0.1;
  ServerKind kind;
  const Size size = websocket_size(w, kind, bounds);
  EXPECT_TRUE(size.possible);
  EXPECT_EQ(size.decided_by, Decides::kLatency);
  EXPECT_GE(size.servers, 3);
  EXPECT_LT(size.processing_p99_s, 0.1);
  EXPECT_GE(websocket_size(w, kind, {}).processing_p99_s, 0.2);
}

TEST(Sizing, SeldomBroadcastsTakeLongerOnAServerThatHasGoneCold) {
  Workload w = load_of(100'000, 0.1);
  w.fan_out = 100'000;
  FamilyCost cost = cost_for("websocket");
  const Size warm = size_of(w, websocket_cell(), cost, std::nullopt, {}, {});
  cost.cold_cpu_s = given(10e-6);
  const Size cold = size_of(w, websocket_cell(), cost, std::nullopt, {}, {});
  EXPECT_GT(cold.processing_p99_s, 1.5 * warm.processing_p99_s);
  EXPECT_NEAR(cold.cores, 0.01 + 2 * 0.1, 0.001);
}

TEST(Sizing, WhatTheStrategyItselfMakesWaitNoServerMends) {
  LatencyBounds bounds;
  bounds.p99_s = 0.5;
  const Size size = size_of(load_of(1000, 0.1), polling_cell(std::chrono::seconds(1)),
                            cost_for("polling"), std::nullopt, {}, bounds);
  EXPECT_FALSE(size.possible);
  EXPECT_NE(size.why_not.find("990 ms"), std::string::npos) << size.why_not;
}

TEST(Sizing, ServersThatAreBusyWithNothingHelpNobody) {
  FamilyCost cost = cost_for("websocket");
  cost.base_cores = given(5);
  const Size size = size_of(load_of(1000, 0.1), websocket_cell(), cost, std::nullopt, {}, {});
  EXPECT_FALSE(size.possible);
  EXPECT_NE(size.why_not.find("more servers do not help"), std::string::npos) << size.why_not;
}

TEST(Sizing, AScalingLawMakesFourCoresWorthLess) {
  ScalingLaw law;
  law.single = 1;
  law.contention = given(1.0 / 3);  // 4 cores give 2
  const auto size =
      size_of(load_of(100'000, 10), websocket_cell(), cost_for("websocket"), law, {}, {});
  EXPECT_EQ(size.servers, 9);  // 10.09 / (2 × 0.6)
}

TEST(Sizing, ThePollIntervalFollowsFromTheBound) {
  LatencyBounds bounds;
  EXPECT_FALSE(longest_interval(bounds, 0));
  bounds.p99_s = 2;
  EXPECT_EQ(longest_interval(bounds, 0.01), std::chrono::milliseconds(1990));
  bounds.max_s = 1;
  EXPECT_EQ(longest_interval(bounds, 0.01), std::chrono::milliseconds(980));
  bounds.mean_s = 0.005;
  EXPECT_FALSE(longest_interval(bounds, 0.01));
}

}  // namespace
}  // namespace pushbench::study
