#include "harness/model/totals.h"

#include <gtest/gtest.h>

namespace pushbench::model {
namespace {

using std::chrono::milliseconds;

plan::Scenario chat() {
  plan::Scenario scenario;
  scenario.clients = 200;
  scenario.topics = 50;
  scenario.events.rate_per_s = 100;
  return scenario;
}

TEST(Totals, ACaseIsTheScenarioAtAScale) {
  const plan::Scenario scenario = chat();
  plan::StrategySpec cell;
  cell.strategy = "polling";
  cell.new_connection = true;
  const Assumptions assumed{.one_way = milliseconds(10), .processing = milliseconds(1)};
  const Case c{scenario, cell, assumed, 2};
  EXPECT_DOUBLE_EQ(c.arrivals().rate_per_s, 4);
  EXPECT_DOUBLE_EQ(c.busy(), 0.041);
  EXPECT_DOUBLE_EQ(c.window(), 10);
  EXPECT_DOUBLE_EQ(c.subscriptions(), 200);
}

TEST(Totals, TopicsHaveNamesOfOneLength) {
  plan::Scenario scenario = chat();
  EXPECT_EQ(topic_length(scenario, "t"), 3);
  EXPECT_EQ(scenario.topic_name("t", 7), "t07");
  EXPECT_EQ(scenario.topic_name("t", 49), "t49");
  scenario.topics = 10;
  EXPECT_EQ(topic_length(scenario, "pb-"), 4);
  EXPECT_EQ(scenario.topic_name("pb-", 9), "pb-9");
  scenario.topics = 1;
  EXPECT_EQ(scenario.topic_name("t", 0), "t0");
}

TEST(Totals, TwiceTheEventsAreTwiceTheDeliveriesAndNoMorePolls) {
  const plan::Scenario scenario = chat();
  plan::StrategySpec cell;
  cell.strategy = "polling";
  const Assumptions assumed;
  const Totals once = totals_of({scenario, cell, assumed, 1});
  const Totals twice = totals_of({scenario, cell, assumed, 2});
  EXPECT_DOUBLE_EQ(twice.deliveries, 2 * once.deliveries);
  EXPECT_DOUBLE_EQ(twice.exchanges.requests, once.exchanges.requests);
  EXPECT_LT(twice.exchanges.empty_answers, once.exchanges.empty_answers);
  EXPECT_DOUBLE_EQ(once.exchanges.event_payload, once.deliveries * 128);
  EXPECT_GT(once.ip_bytes.mean, once.bytes.total() + 3 * 52 * once.exchanges.requests - 1);
}

// Every answer has the replayed head and its body, whether it brings news or not.
TEST(Totals, ReplayedHeadsAreWhatTheyAre) {
  plan::Scenario scenario = chat();
  scenario.topics = 1;
  scenario.events = {.rate_per_s = 0.5, .arrival = plan::Arrival::kConstant};
  scenario.events.payload.size = 21;
  plan::StrategySpec cell;
  cell.strategy = "polling";
  cell.request_head = std::string(716, 'q');
  cell.response_head = std::string(193, 'r');
  cell.response_length = 21;
  const Assumptions assumed;
  const Totals totals = totals_of({scenario, cell, assumed, 1});
  const double polls = 200 * 10;
  EXPECT_DOUBLE_EQ(totals.exchanges.requests, polls);
  EXPECT_DOUBLE_EQ(totals.bytes.head_up, 716 * polls);
  EXPECT_DOUBLE_EQ(totals.bytes.head_down, 193 * polls);
  EXPECT_DOUBLE_EQ(totals.bytes.framing_down + totals.bytes.payload_down, 21 * polls);
  EXPECT_DOUBLE_EQ(totals.bytes.payload_down, 21 * polls / 2);
  EXPECT_DOUBLE_EQ(totals.segments.mean, 3 * polls);
}

}  // namespace
}  // namespace pushbench::model
