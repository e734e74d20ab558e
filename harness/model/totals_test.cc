#include "harness/model/totals.h"

#include "harness/model/test_cell.h"
#include "harness/plan/units.h"

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

// In slices or as a whole: a load that stands still is the same.
TEST(Totals, AFlatProfileIsASteadyLoad) {
  const plan::Scenario steady = chat();
  plan::Scenario flat = steady;
  flat.events.profile = std::make_shared<const plan::Profile>(
      plan::Profile{.shape = plan::Profile::Shape::kSteps,
                    .steps = {{plan::Nanos(0), steady.events.rate_per_s}}});
  const Assumptions assumed;
  for (const auto* strategy : {"polling", "long-polling", "streaming", "websocket"}) {
    const auto cell = cell_of(strategy);
    const Totals one = totals_of({steady, cell, assumed, 1});
    const Totals sum = totals_of({flat, cell, assumed, 1});
    EXPECT_NEAR(sum.deliveries, one.deliveries, 1e-6 * one.deliveries) << strategy;
    EXPECT_NEAR(sum.bytes.total(), one.bytes.total(), 1e-3 * one.bytes.total()) << strategy;
    EXPECT_NEAR(sum.segments.mean, one.segments.mean, 1e-3 * one.segments.mean) << strategy;
    EXPECT_NEAR(sum.asking.latency.mean_s, one.asking.latency.mean_s, 1e-9) << strategy;
    EXPECT_NEAR(sum.asking.requests_per_s, one.asking.requests_per_s, 1e-9) << strategy;
    EXPECT_NEAR(sum.asking.empty_share, one.asking.empty_share, 1e-9) << strategy;
  }
}

// Clients and rate that rise together meet more often than their means do: of two lines from 0 to
// 2 the product's mean is 4/3.
TEST(Totals, WhoIsThereWhenMostHappensReceivesMore) {
  plan::Scenario scenario = chat();
  scenario.topics = 1;
  scenario.topics_per_client = 1;
  scenario.upstream.reset();
  const plan::Nanos over = scenario.phases.measure;
  using Shape = plan::Profile::Shape;
  scenario.events.profile = std::make_shared<const plan::Profile>(
      plan::Profile{.shape = Shape::kRamp, .from = 0, .to = 2, .over = over});
  scenario.events.rate_per_s = 1;
  scenario.clients_profile = std::make_shared<const plan::Profile>(
      plan::Profile{.shape = Shape::kRamp, .from = 0.5, .to = 1000, .over = over});
  scenario.clients = 1000;
  const Assumptions assumed;
  const auto cell = cell_of("websocket");
  const Totals totals = totals_of({scenario, cell, assumed, 1});
  EXPECT_NEAR(totals.deliveries, 4.0 / 3 * 500 * plan::seconds_of(over), 5);
  EXPECT_NEAR(totals.exchanges.opened, 999, 1);
}

}  // namespace
}  // namespace pushbench::model
