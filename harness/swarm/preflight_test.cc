#include "harness/swarm/preflight.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pushbench::swarm {
namespace {

using std::chrono::seconds;

Machine machine() {
  Machine m;
  m.descriptors_hard = 20'000;
  m.ports_low = 32'768;
  m.ports_high = 60'999;
  m.max_time_wait = 100'000;
  return m;
}

plan::Scenario scenario(std::uint32_t clients) {
  plan::Scenario s;
  s.clients = clients;
  s.phases = {
      .ramp = seconds(1), .warmup = seconds(1), .measure = seconds(10), .drain = seconds(3)};
  s.events.rate_per_s = 50;
  return s;
}

TEST(Preflight, ASocketAClientForHeldConnections) {
  const auto needs = needs_of(scenario(1000), {.strategy = "websocket"}, machine());
  EXPECT_EQ(needs.sockets, 1000U);
  EXPECT_EQ(needs.sources, 1U);
  EXPECT_EQ(needs.time_wait, 0U);
  EXPECT_DOUBLE_EQ(needs.deliveries_per_s, 50'000);
  EXPECT_TRUE(shortages(needs, machine(), false).empty());
}

TEST(Preflight, NewConnectionsLeaveTimeWaitBehind) {
  plan::StrategySpec cell{.strategy = "polling"};
  cell.new_connection = true;
  const auto s = scenario(2000);
  const auto needs = needs_of(s, cell, machine());
  EXPECT_DOUBLE_EQ(needs.connections_per_s, 2000);
  EXPECT_EQ(needs.time, seconds(15));
  EXPECT_EQ(needs.time_wait, 30'000U);
  EXPECT_EQ(needs.sources, 7U);
  EXPECT_TRUE(shortages(needs, machine(), true).empty());
  ASSERT_EQ(shortages(needs, machine(), false).size(), 1U);
  EXPECT_NE(shortages(needs, machine(), false)[0].find("ports"), std::string::npos);
}

TEST(Preflight, PollsThatFollowAtOnceAreBoundedByTheMachine) {
  plan::StrategySpec cell{.strategy = "polling", .interval = Nanos(0)};
  const auto kept = needs_of(scenario(1000), cell, machine());
  EXPECT_GT(kept.requests_per_s, 50'000);
  EXPECT_LT(kept.requests_per_s, 1e6);
  cell.new_connection = true;
  const auto fresh = needs_of(scenario(1000), cell, machine());
  EXPECT_EQ(fresh.time_wait, machine().max_time_wait);
  EXPECT_GT(fresh.sources, 2U);
}

TEST(Preflight, ClosesThatAreOnTheirWayHoldDescriptors) {
  plan::StrategySpec cell{.strategy = "polling"};
  cell.new_connection = true;
  auto s = scenario(2000);
  const auto near = needs_of(s, cell, machine());
  s.link = {.rtt = std::chrono::milliseconds(500)};
  EXPECT_EQ(needs_of(s, cell, machine()).client_descriptors, near.client_descriptors + 500);
  cell.new_connection = false;
  EXPECT_EQ(needs_of(s, cell, machine()).client_descriptors, near.client_descriptors);
}

TEST(Preflight, UpstreamTakesASecondSocketButOnWebSocket) {
  auto s = scenario(100);
  s.upstream = plan::UpstreamSpec{};
  EXPECT_EQ(needs_of(s, {.strategy = "streaming"}, machine()).sockets, 200U);
  EXPECT_EQ(needs_of(s, {.strategy = "websocket"}, machine()).sockets, 100U);
}

TEST(Preflight, RefusesMoreClientsThanDescriptors) {
  const auto needs = needs_of(scenario(50'000), {.strategy = "websocket"}, machine());
  const auto short_of = shortages(needs, machine(), true);
  ASSERT_EQ(short_of.size(), 1U);
  EXPECT_NE(short_of[0].find("50,064 descriptors"), std::string::npos) << short_of[0];
  EXPECT_NE(short_of[0].find("20,000"), std::string::npos);
}

TEST(Preflight, ThreadsWithTablesOfTheirOwnHoldMore) {
  auto m = machine();
  m.own_tables = true;
  const auto few = needs_of(scenario(19'000), {.strategy = "websocket"}, m);
  EXPECT_EQ(few.workers, 1U);
  EXPECT_EQ(few.server_threads, 1U);
  auto s = scenario(100'000);
  const auto many = needs_of(s, {.strategy = "websocket"}, m);
  EXPECT_EQ(many.workers, 6U);
  EXPECT_EQ(many.server_threads, 6U);
  EXPECT_EQ(many.sources, 20U);
  EXPECT_TRUE(shortages(many, m, true).empty());
  // A hash does not deal them out evenly: what five threads could just hold needs six.
  const auto brim = needs_of(scenario(5 * 19'936), {.strategy = "websocket"}, m);
  EXPECT_EQ(brim.workers, 5U);
  EXPECT_EQ(brim.server_threads, 6U);
  s.link = plan::LinkSpec{};
  EXPECT_FALSE(shortages(needs_of(s, {.strategy = "websocket"}, m), m, true).empty());
  EXPECT_FALSE(
      shortages(needs_of(scenario(10'000'000), {.strategy = "websocket"}, m), m, true).empty());
}

TEST(Preflight, RefusesMoreClientsThanMemoryHolds) {
  auto m = machine();
  m.own_tables = true;
  m.memory_bytes = 1'000'000'000;
  const auto needs = needs_of(scenario(100'000), {.strategy = "websocket"}, m);
  const auto short_of = shortages(needs, m, true);
  ASSERT_EQ(short_of.size(), 1U);
  EXPECT_NE(short_of[0].find("at most 83,333 clients"), std::string::npos) << short_of[0];
  EXPECT_TRUE(shortages(needs_of(scenario(80'000), {.strategy = "websocket"}, m), m, true).empty());
}

TEST(Preflight, AdvisesOnlyWhatHelps) {
  auto tiny = machine();
  tiny.descriptors_hard = 64;
  const auto needs = needs_of(scenario(10), {.strategy = "websocket"}, tiny);
  const auto short_of = shortages(needs, tiny, true);
  ASSERT_EQ(short_of.size(), 1U);
  EXPECT_NE(short_of[0].find("allows 64: raise the limit (ulimit -Hn 74)"), std::string::npos)
      << short_of[0];
}

TEST(Preflight, SourcesAreLoopbackAddressesOfTheirOwn) {
  const auto net = loopback_net(7);
  EXPECT_NE(net, loopback_net(8));
  const auto sources = loopback_sources(net, 600);
  ASSERT_EQ(sources.size(), 600U);
  std::set<std::string> distinct;
  for (const auto& source : sources) {
    EXPECT_TRUE(source.is_loopback());
    distinct.insert(source.to_string());
  }
  EXPECT_EQ(distinct.size(), 600U);
  EXPECT_EQ(sources[0].to_string(), "127.23.0.1");
}

}  // namespace
}  // namespace pushbench::swarm
