#include "harness/study/fit_grid.h"

#include "harness/plan/event_plan.h"
#include "harness/plan/units.h"
#include "harness/study/least_squares.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pushbench::study {
namespace {

TEST(FitGrid, TheFittedPointsTellFourConstantsApart) {
  std::vector<std::vector<double>> rows;
  std::vector<double> y;
  for (const auto& point : kFitGrid) {
    if (!point.held_out && !point.idle()) {
      const double clients = 100 * point.clients;
      const double requests = clients / point.interval;
      const double deliveries = clients * 64 * point.rate;
      rows.push_back({requests, deliveries, 1, clients});
      y.push_back(6e-6 * requests + 3e-6 * deliveries + 0.004 + 1e-6 * clients);
    }
  }
  std::vector<double> weight;
  weight.reserve(y.size());
  for (const double value : y) {
    weight.push_back(1 / (value * value));
  }
  const auto fit = least_squares(rows, y, weight);
  ASSERT_EQ(fit.constants.size(), 4U);
  for (const auto& constant : fit.constants) {
    EXPECT_EQ(constant.state, Estimate::State::kFitted);
  }
  EXPECT_NEAR(fit.constants[0].value, 6e-6, 1e-12);
}

TEST(FitGrid, EveryPassHasAllCellsInAnOrderOfItsOwn) {
  const auto named = [](std::uint64_t seed, std::uint32_t pass) {
    std::vector<std::string> out;
    for (const auto& [point, strategy] : cells_of_pass(3, seed, pass)) {
      out.push_back(
          fmt::format("{}/{}/{}/{}", point.clients, point.rate, point.interval, strategy));
    }
    return out;
  };
  auto first = named(1, 0);
  EXPECT_EQ(first, named(1, 0));
  EXPECT_NE(first, named(1, 1));
  EXPECT_NE(first, named(2, 0));
  auto second = named(1, 1);
  EXPECT_EQ(first.size(), 3 * kFitGrid.size());
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  EXPECT_EQ(first, second);
  EXPECT_EQ(std::unique(first.begin(), first.end()), first.end());
}

TEST(FitGrid, HoldOutsLieBetweenTheFittedOnes) {
  for (const auto& point : kFitGrid) {
    if (point.held_out) {
      EXPECT_GT(point.clients, 0.25);
      EXPECT_LT(point.clients, 1);
    }
  }
}

// Clients and the server itself: two constants take two numbers of clients.
TEST(FitGrid, IdlePointsTellClientsFromTheServer) {
  std::vector<double> clients;
  for (const auto& point : kFitGrid) {
    if (point.idle()) {
      EXPECT_FALSE(point.held_out);
      clients.push_back(point.clients);
    }
  }
  ASSERT_EQ(clients.size(), 2U);
  EXPECT_GE(std::abs(clients[0] / clients[1] - 1), 0.5);
}

TEST(FitGrid, NothingFallsDueInTheWindowOfAnIdlePoint) {
  plan::Scenario scenario;
  scenario.events.rate_per_s = 1000;
  scenario.events.arrival = plan::Arrival::kPoisson;
  scenario.phases.warmup = {};
  scenario.strategies.resize(1);
  scenario.strategies[0].strategy = "polling";
  scenario.strategies[0].interval = std::chrono::milliseconds(10);
  ASSERT_GT(plan::count_events(scenario).measured, 0U);
  make_idle(scenario);
  const auto counts = plan::count_events(scenario);
  EXPECT_EQ(counts.published, 1U);
  EXPECT_EQ(counts.measured, 0U);
  EXPECT_GT(scenario.strategies[0].interval, std::chrono::hours(24));
  // Until then the scenario needs a rate.
  EXPECT_EQ(*overrides_at(scenario, {0.25, 0, 1, false}, {}).rate, rate_text(1e-6));
}

TEST(FitGrid, PointsReplaceTheScenariosNumbers) {
  plan::Scenario scenario;
  scenario.clients = 200;
  scenario.events.rate_per_s = 10;
  const auto broadcast = overrides_at(scenario, {0.25, 0.5, 1, false}, {});
  EXPECT_EQ(*broadcast.clients, "50");
  EXPECT_NEAR(*plan::parse_rate(*broadcast.rate), 5, 1e-9);
  EXPECT_FALSE(broadcast.topics);
  scenario.topics = 200;
  const auto unicast = overrides_at(scenario, {0.25, 0.5, 1, false}, {});
  EXPECT_EQ(*unicast.topics, "50");
  EXPECT_NEAR(*plan::parse_rate(*unicast.rate), 1.25, 1e-9);
}

TEST(FitGrid, RatesAreReadBackAsTheSame) {
  for (const double rate : {1e-5, 0.0034, 0.25, 64.0, 123456.75}) {
    const auto back = plan::parse_rate(rate_text(rate));
    ASSERT_TRUE(back) << rate_text(rate);
    EXPECT_NEAR(*back / rate, 1, 1e-6);
  }
}

TEST(FitGrid, OnlyPollsAreStretched) {
  plan::Scenario scenario;
  scenario.strategies.resize(2);
  scenario.strategies[0].strategy = "polling";
  scenario.strategies[1].strategy = "long-polling";
  stretch_polls(scenario, 2);
  EXPECT_EQ(scenario.strategies[0].interval, std::chrono::seconds(2));
  EXPECT_EQ(scenario.strategies[1].interval, std::chrono::seconds(1));
}

}  // namespace
}  // namespace pushbench::study
