#include "harness/study/advice.h"

#include "harness/study/observation.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

Estimate fixed_cost(double value) {
  return {value, value, value, Estimate::State::kGiven};
}

FamilyCost cost_of_family(const std::string& family, double request, double delivery) {
  FamilyCost cost;
  cost.family = family;
  cost.request_cpu_s = fixed_cost(request);
  cost.delivery_cpu_s = fixed_cost(delivery);
  cost.publish_cpu_s = fixed_cost(9e-6);
  if (holds_connections(family)) {
    cost.memory_each_bytes = fixed_cost(400);
    cost.kernel_each_bytes = fixed_cost(7600);
  }
  return cost;
}

// The size of costs that reports/performance.md shows.
CostModel usual_costs() {
  CostModel model;
  model.source = "a test";
  model.families = {cost_of_family("polling", 9e-6, 0),
                    cost_of_family("polling,new-connection", 26e-6, 0),
                    cost_of_family("long-polling", 8.4e-6, 0),
                    cost_of_family("streaming/sse", 0, 7.3e-6),
                    cost_of_family("streaming/chunked", 0, 7.1e-6),
                    cost_of_family("websocket", 0, 7e-6)};
  return model;
}

Needs needs_of(double per_second, double staleness_s, double fan_out = 1, double upstream = 0) {
  Needs needs;
  needs.workload.clients = 100'000;
  needs.workload.events_per_client_per_s = per_second;
  needs.workload.fan_out = fan_out;
  needs.workload.one_way_s = 0.02;
  needs.workload.upstream_per_client_per_s = upstream;
  needs.staleness_s = staleness_s;
  return needs;
}

Advice advice_for(const Needs& needs) {
  const auto advice = advise(needs, usual_costs(), {});
  EXPECT_TRUE(advice);
  return advice ? *advice : Advice{};
}

const Option* option_of(const Advice& advice, const std::string& family) {
  for (const auto& option : advice.options) {
    if (option.family == family) {
      return &option;
    }
  }
  return nullptr;
}

// Minutes: nobody minds a poll, and nobody has to hold 100,000 connections.
TEST(Advice, NewsMailAndFeedsArePolled) {
  constexpr double kMinute = 60;
  const struct {
    const char* what;
    Needs needs;
  } cases[] = {{"news", needs_of(5 / 3600.0, 5 * kMinute, 100'000)},
               {"mail", needs_of(1 / 600.0, 5 * kMinute)},
               {"social feed", needs_of(1 / 60.0, kMinute, 200)}};
  for (const auto& c : cases) {
    const Advice advice = advice_for(c.needs);
    ASSERT_NE(advice.best(), nullptr) << c.what;
    EXPECT_EQ(advice.best()->cell.strategy, "polling") << c.what;
    EXPECT_TRUE(option_of(advice, "websocket")->fits()) << c.what;
  }
}

// Tenths of a second: a push, and a WebSocket where clients have much to say themselves.
TEST(Advice, ChatCollaborationGamesAndPricesArePushed) {
  const struct {
    const char* what;
    Needs needs;
    bool socket;
  } cases[] = {{"chat", needs_of(2, 0.5, 50, 0.1), true},
               {"collaboration", needs_of(1, 0.3, 5, 0.5), true},
               {"game", needs_of(20, 0.1, 20, 20), true},
               {"finance", needs_of(5, 0.2, 100'000), false}};
  for (const auto& c : cases) {
    const Advice advice = advice_for(c.needs);
    ASSERT_NE(advice.best(), nullptr) << c.what;
    const auto& strategy = advice.best()->cell.strategy;
    EXPECT_TRUE(strategy == "websocket" || (!c.socket && strategy == "streaming"))
        << c.what << " " << strategy;
    EXPECT_GT(option_of(advice, "polling")->share, advice.best()->share) << c.what;
  }
}

TEST(Advice, WhatDoesNotPassTheWayIsObjectedTo) {
  Needs needs = needs_of(2, 0.5);
  needs.proxy_buffers = true;
  EXPECT_FALSE(option_of(advice_for(needs), "streaming/sse")->fits());
  EXPECT_TRUE(option_of(advice_for(needs), "websocket")->fits());
  needs.proxy_no_upgrade = true;
  EXPECT_FALSE(option_of(advice_for(needs), "websocket")->fits());
  EXPECT_EQ(advice_for(needs).best()->family, "long-polling");
  needs = needs_of(2, 0.5);
  needs.old_browsers = true;
  EXPECT_FALSE(option_of(advice_for(needs), "websocket")->fits());
  EXPECT_TRUE(option_of(advice_for(needs), "long-polling")->fits());
}

TEST(Advice, AProxyThatCutsSilenceShortensTheHoldAndEndsSilentStreams) {
  Needs needs = needs_of(0.001, 0.5);
  needs.proxy_idle_s = 20;
  const Advice advice = advice_for(needs);
  EXPECT_EQ(option_of(advice, "long-polling")->cell.hold, std::chrono::seconds(16));
  EXPECT_FALSE(option_of(advice, "websocket")->fits());     // its ping comes after 30 s
  EXPECT_TRUE(option_of(advice, "streaming/sse")->fits());  // a comment after 15 s
  EXPECT_FALSE(option_of(advice, "streaming/chunked")->fits());
}

TEST(Advice, NothingFitsWhatIsFasterThanTheWay) {
  const Advice advice = advice_for(needs_of(1, 0.01));
  EXPECT_EQ(advice.best(), nullptr);
  for (const auto& option : advice.options) {
    EXPECT_FALSE(option.objection.empty());
    EXPECT_FALSE(option.objection_evidence.empty());
  }
}

TEST(Advice, LongPollingMayTakeThreeTrips) {
  // 20 ms one way: 60 ms at worst.
  EXPECT_TRUE(option_of(advice_for(needs_of(1, 0.065)), "long-polling")->fits());
  EXPECT_FALSE(option_of(advice_for(needs_of(1, 0.055)), "long-polling")->fits());
}

TEST(Advice, CrossoversAreThoseOfTheFormulas) {
  // x / (x + exp(-x)) = 0.1.
  EXPECT_NEAR(long_poll_limit(0.1), 0.1, 0.002);
  EXPECT_NEAR(long_poll_limit(0.5), 0.567, 0.001);
  // Van de Vyvere et al.: 397 µs a poll, 160 µs a push, one event in five seconds: 12.4 s.
  CostModel model = usual_costs();
  model.families.front().request_cpu_s = fixed_cost(397e-6);
  model.families.back().delivery_cpu_s = fixed_cost(160e-6);
  const Workload w = needs_of(0.2, 2).workload;
  ASSERT_TRUE(cheaper_polls_s(model, w));
  EXPECT_NEAR(*cheaper_polls_s(model, w), 12.4, 0.05);
  // The same push, of which a half is what a pause adds: so many events keep the server warm.
  model.families.back().delivery_cpu_s = fixed_cost(80e-6);
  model.families.back().cold_cpu_s = fixed_cost(
      80e-6 * w.deliveries_per_s() / cold_deliveries(w.deliveries_per_s(), w.publishes_per_s()));
  EXPECT_NEAR(*cheaper_polls_s(model, w), 12.4, 0.05);
  model.families.clear();
  EXPECT_FALSE(cheaper_polls_s(model, w));
}

TEST(Advice, EverySentenceNamesItsEvidence) {
  const Advice advice = advice_for(needs_of(0.2, 2, 1, 0.1));
  EXPECT_GE(advice.crossovers.size(), 4U);
  for (const auto* list : {&advice.crossovers, &advice.remarks}) {
    for (const auto& said : *list) {
      EXPECT_FALSE(said.text.empty());
      EXPECT_FALSE(said.evidence.empty()) << said.text;
    }
  }
}

TEST(Advice, NearlyTheSameIsATieAndWhatWaitsLessStandsFirstThenTheSimpler) {
  const Advice advice = advice_for(needs_of(5, 0.2));
  EXPECT_EQ(advice.options[0].family, "streaming/sse");
  EXPECT_FALSE(advice.options[0].tie);
  EXPECT_TRUE(advice.options[1].tie);
  EXPECT_EQ(advice.options[2].family, "websocket");
  EXPECT_EQ(advice.options[3].family, "long-polling");
  EXPECT_EQ(advice_for(needs_of(5, 0.2, 1, 0.1)).best()->family, "websocket");
}

TEST(Advice, AModelWithoutConstantsIsRefused) {
  EXPECT_FALSE(advise(needs_of(1, 1), CostModel{}, {}));
}

}  // namespace
}  // namespace pushbench::study
