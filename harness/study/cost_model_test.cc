#include "harness/study/cost_model.h"

#include "harness/study/advice.h"
#include "harness/study/fit_grid.h"
#include "harness/study/least_squares.h"
#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace pushbench::study {
namespace {

CostModel fitted(const result::RunResult& run, const result::RunResult* held_out = nullptr) {
  Observations seen;
  add_observations(run, false, seen);
  if (held_out != nullptr) {
    add_observations(*held_out, true, seen);
  }
  std::vector<std::string> problems;
  const auto model = fit_costs(seen.usable, problems);
  EXPECT_TRUE(model) << model.error().text;
  return model ? *model : CostModel{};
}

// Three numbers of clients that wait; the server's time scatters to both sides by `noise`.
result::RunResult with_idle_cells(result::RunResult run,
                                  const plan::StrategySpec& strategy,
                                  const TrueCosts& truth,
                                  double noise = 0) {
  for (const double sign : {1.0, -1.0}) {
    for (const double clients : {250.0, 500.0, 1000.0}) {
      run.cells.push_back(idle_cell(strategy, clients, truth, noise * sign));
    }
  }
  return run;
}

TEST(CostModel, KnownCostsComeBackFromAGrid) {
  const TrueCosts truth;
  const auto model =
      fitted(with_idle_cells(polled_run(truth), polling_cell(std::chrono::hours(1000)), truth));
  const FamilyCost* cost = model.find("polling");
  ASSERT_NE(cost, nullptr);
  EXPECT_EQ(cost->points, 18U);
  EXPECT_NEAR(cost->request_cpu_s.value, truth.request, 1e-9);
  EXPECT_NEAR(cost->delivery_cpu_s.value, truth.delivery, 1e-9);
  EXPECT_NEAR(cost->base_cores.value, truth.base, 1e-5);
  EXPECT_NEAR(cost->idle_cores.value, truth.idle, 1e-8);
  EXPECT_NEAR(cost->publish_cpu_s.value, truth.publish, 1e-12);
  EXPECT_NEAR(cost->memory_each_bytes.value, 400, 1e-6);
  EXPECT_NEAR(cost->kernel_each_bytes.value, 5'000, 1e-6);
  EXPECT_NEAR(cost->kernel_at_hand_bytes.value, 0, 1e-3);
  EXPECT_NEAR(cost->request_up_bytes.value, 150, 1e-6);
  EXPECT_NEAR(cost->request_down_bytes.value, 120, 1e-2);
  EXPECT_NEAR(cost->empty_down_bytes.value, 90, 1e-2);
  EXPECT_NEAR(cost->delivery_down_bytes.value, 22, 1e-2);
  EXPECT_LT(cost->residual_worst, 1e-3);
  EXPECT_EQ(cost->clients_most, 1000);
}

// What a kernel keeps of sockets that are gone is there for the first ones of the next cell.
TEST(CostModel, KernelMemoryThatWasAtHandMakesNoConnectionCheaper) {
  const TrueCosts truth;
  auto run = with_idle_cells(polled_run(truth), polling_cell(std::chrono::hours(1000)), truth);
  for (auto& cell : run.cells) {
    cell.server->kernel_bytes -= 300'000;
  }
  run.cells.front().server->kernel_bytes = 0;  // not known
  const auto model = fitted(run);
  const FamilyCost* cost = model.find("polling");
  ASSERT_NE(cost, nullptr);
  EXPECT_NEAR(cost->kernel_each_bytes.value, 5'000, 1e-6);
  EXPECT_NEAR(cost->kernel_at_hand_bytes.value, 300'000, 1e-3);
}

TEST(CostModel, HeldOutCellsArePredictedAndNotFitted) {
  const TrueCosts truth;
  result::RunResult held;
  held.cells.push_back(
      cell_with(polling_cell(std::chrono::milliseconds(150)), 700, 700 / 0.15, 700 * 8, 8, truth));
  const auto model = fitted(
      with_idle_cells(polled_run(truth), polling_cell(std::chrono::hours(1000)), truth), &held);
  const FamilyCost& cost = *model.find("polling");
  EXPECT_EQ(cost.points, 18U);
  ASSERT_EQ(cost.held_out.size(), 1U);
  EXPECT_NEAR(cost.held_out[0].cores.error(), 0, 1e-3);
  ASSERT_TRUE(cost.held_out[0].memory_bytes && cost.held_out[0].kernel_bytes);
  EXPECT_NEAR(cost.held_out[0].memory_bytes->measured, 5'280'000, 1);
  EXPECT_NEAR(cost.held_out[0].memory_bytes->error(), 0, 1e-6);
  EXPECT_NEAR(cost.held_out[0].kernel_bytes->error(), 0, 1e-6);
  ASSERT_TRUE(cost.held_out[0].bytes_per_s);
  EXPECT_NEAR(cost.held_out[0].bytes_per_s->measured,
              700 / 0.15 * (150 + 120 * 8 / 9.0 + 90 / 9.0) + 700 * 8 * 22, 30);
  EXPECT_NEAR(cost.held_out[0].bytes_per_s->error(), 0, 1e-4);
}

// Three numbers of clients at each rate, a hundredth of them on every topic.
result::RunResult pushed_run(std::initializer_list<double> rates, const TrueCosts& truth) {
  result::RunResult run;
  for (const double clients : {500.0, 1000.0, 2000.0}) {
    for (const double rate : rates) {
      run.cells.push_back(
          cell_with(websocket_cell(), clients, 0, clients / 100 * rate, rate, truth));
    }
  }
  return with_idle_cells(run, websocket_cell(), truth);
}

// It costs an event the same whether it goes to 5 clients or to 40.
TEST(CostModel, WhatAnEventWakesIsToldFromItsDeliveries) {
  TrueCosts truth;
  truth.wake = 3e-5;
  const FamilyCost cost = *fitted(pushed_run({100, 400, 800}, truth)).find("websocket");
  EXPECT_NEAR(cost.wake_cpu_s.value, truth.wake, 1e-8);
  EXPECT_NEAR(cost.delivery_cpu_s.value, truth.delivery, 1e-9);
  EXPECT_NEAR(cost.publish_cpu_s.value, truth.publish, 1e-12);
  EXPECT_NEAR(
      cost.cores({1000, 0, 4000, 400}),
      truth.base + 1000 * truth.idle + 4000 * truth.delivery + 400 * (truth.publish + truth.wake),
      1e-6);
}

// Seldom events find a server that others made cold, up to a bound; idle clients cost nothing.
TEST(CostModel, WhatADeliveryCostsAfterAPauseIsToldFromTheRest) {
  TrueCosts truth;
  truth.base = truth.idle = 0;
  truth.wake = 2e-5;
  truth.cold = 1e-5;
  const FamilyCost cost = *fitted(pushed_run({750, 1500, 3000}, truth)).find("websocket");
  EXPECT_NEAR(cost.cold_cpu_s.value, truth.cold, 1e-8);
  EXPECT_NEAR(cost.delivery_cpu_s.value, truth.delivery, 1e-8);
  EXPECT_NEAR(cost.wake_cpu_s.value, truth.wake, 1e-7);
  EXPECT_EQ(cost.cores({1e5, 0, 0, 0}), 0);
  EXPECT_NEAR(cost.delivery_s(1, 1e-9), truth.delivery + truth.cold, 1e-8);
  EXPECT_NEAR(cost.delivery_s(1e9, 1 / kCoolingS), truth.delivery + truth.cold / 2, 1e-8);
}

// An event to two clients finds more cold for each of them than one to two thousand.
TEST(CostModel, AnEventItselfIsColdHoweverFewItGoesTo) {
  FamilyCost cost;
  cost.cold_cpu_s = {1e-5, 1e-5, 1e-5, Estimate::State::kGiven};
  const double seldom = 1e-3;
  EXPECT_NEAR(cost.delivery_s(2 * seldom, seldom), (1 + kColdEvent / 2) * 1e-5, 1e-9);
  EXPECT_NEAR(cost.delivery_s(2000 * seldom, seldom), (1 + kColdEvent / 2000) * 1e-5, 1e-9);
}

// Of a busy grid nobody can tell what waiting costs: it must not become the price of 100,000
// clients.
TEST(CostModel, IdleClientsAreNeverInferredFromBusyCells) {
  TrueCosts truth;
  truth.base = truth.idle = 0;
  const auto model = fitted(polled_run(truth, 0.05));
  const FamilyCost& cost = *model.find("polling");
  EXPECT_FALSE(cost.idle_cores.usable());
  EXPECT_EQ(cost.base_cores.state, Estimate::State::kHeldAtZero);
  EXPECT_EQ(cost.cores({1e5, 0, 0, 0}), 0);
  EXPECT_NEAR(cost.request_cpu_s.value, truth.request, 0.1 * truth.request);
}

// A server that pays more for an event the fewer there are, on the grid of `fit --run` with 2,000
// clients of 100 topics: in busy cells that looks like a cost of clients.
result::RunResult busier_is_cheaper(const plan::StrategySpec& cell, const TrueCosts& truth) {
  result::RunResult run;
  for (const double pass : {1.0, -1.0}) {
    for (const auto& point : kFitGrid) {
      if (point.idle() || point.held_out) {
        continue;
      }
      const double clients = 2000 * point.clients;
      const double deliveries = clients / 100 * 3000 * point.rate;
      TrueCosts costs = truth;
      costs.delivery *= 1 + std::pow(1 - point.rate, 2) + 0.2 * (1 - point.rate) / point.clients;
      costs.request *= 1 + std::pow(1 - point.rate, 2);
      const double noise = run.cells.size() % 3 == 0 ? 0.02 * pass : -0.01 * pass;
      const double requests = cell.strategy == "polling" ? clients / 0.1 / point.interval : 0;
      run.cells.push_back(
          cell_with(cell, clients, requests, deliveries, 3000 * point.rate, costs, noise));
    }
  }
  return run;
}

// What least squares over busy cells alone make of a client that costs nothing.
double inferred_idle(const result::RunResult& run) {
  Observations seen;
  add_observations(run, false, seen);
  std::vector<std::vector<double>> rows;
  std::vector<double> y;
  std::vector<double> weight;
  for (const auto& point : seen.usable) {
    rows.push_back({point.deliveries_per_s, point.publishes_per_s, 1, point.connections});
    y.push_back(point.cores - point.publishes_per_s * point.publish_cpu_s);
    weight.push_back(1 / (y.back() * y.back()));
  }
  return least_squares(rows, y, weight).constants.at(3).value;
}

TEST(CostModel, IdleClientsCostWhatWasMeasuredWhateverBusyCellsSay) {
  TrueCosts truth;
  truth.base = truth.idle = 0;
  const auto busy = busier_is_cheaper(websocket_cell(), truth);
  EXPECT_GT(inferred_idle(busy), 5e-6);
  const FamilyCost none = *fitted(with_idle_cells(busy, websocket_cell(), truth)).find("websocket");
  EXPECT_EQ(none.idle_cores.state, Estimate::State::kHeldAtZero);
  EXPECT_EQ(none.base_cores.state, Estimate::State::kHeldAtZero);
  EXPECT_EQ(none.cores({1e5, 0, 0, 0}), 0);
  // Some server does something for each of them.
  truth.idle = 3e-7;
  truth.base = 0.001;
  const FamilyCost some =
      *fitted(with_idle_cells(busy, websocket_cell(), truth, 0.02)).find("websocket");
  EXPECT_EQ(some.idle_cores.state, Estimate::State::kFitted);
  EXPECT_LE(some.idle_cores.low, truth.idle);
  EXPECT_GE(some.idle_cores.high, truth.idle);
  EXPECT_NEAR(some.idle_cores.value, truth.idle, 0.1 * truth.idle);
}

// A grid that is run once: one constant, of clients or of the server.
TEST(CostModel, OfTwoIdleCellsThereIsOneConstant) {
  TrueCosts clients_cost;
  clients_cost.base = 0;
  TrueCosts server_costs;
  server_costs.idle = 0;
  for (const auto& truth : {clients_cost, server_costs}) {
    auto run = busier_is_cheaper(websocket_cell(), truth);
    for (const double clients : {2000.0, 500.0}) {
      run.cells.push_back(idle_cell(websocket_cell(), clients, truth));
    }
    const FamilyCost cost = *fitted(run).find("websocket");
    EXPECT_NEAR(cost.idle_cores.value, truth.idle, 1e-12);
    EXPECT_NEAR(cost.base_cores.value, truth.base, 1e-9);
  }
}

// Mail, a few an hour: what a push costs then is its events, and no price of waiting.
TEST(CostModel, AdviceForSeldomEventsIsThatOfEvents) {
  TrueCosts truth;
  truth.base = truth.idle = 0;
  auto run = with_idle_cells(busier_is_cheaper(websocket_cell(), truth), websocket_cell(), truth);
  const auto polls = polling_cell(std::chrono::milliseconds(100));
  for (const auto& cell : with_idle_cells(busier_is_cheaper(polls, truth), polls, truth).cells) {
    run.cells.push_back(cell);
  }
  Needs needs;
  needs.workload.clients = 100'000;
  needs.workload.events_per_client_per_s = 4 / 3600.0;
  needs.staleness_s = 300;
  const auto advice = advise(needs, fitted(run), {});
  ASSERT_TRUE(advice) << advice.error().text;
  ASSERT_EQ(advice->options.size(), 2U);
  for (const auto& option : advice->options) {
    const double requests = option.family == "polling" ? option.flow.requests_per_s : 0;
    const double deliveries = needs.workload.deliveries_per_s();
    const double paid = requests * truth.request + deliveries * (truth.delivery + truth.publish);
    EXPECT_GT(option.cores, 0.7 * paid) << option.family;
    EXPECT_LT(option.cores, 3 * paid) << option.family;  // seldom events are dearer
  }
}

// Of the same load: what one was too high and the other too low is no error of the constants.
TEST(CostModel, RepeatsOfAHeldOutLoadAreJudgedByTheirMean) {
  const TrueCosts truth;
  result::RunResult held;
  for (const double noise : {-0.2, 0.3, -0.1}) {
    held.cells.push_back(
        cell_with(polling_cell(std::chrono::milliseconds(200)), 700, 3500, 5600, 8, truth, noise));
  }
  held.cells.push_back(cell_with(polling_cell(std::chrono::milliseconds(200)), 700, 3500, 9999, 8,
                                 truth, 1));  // another load; moves the constants if it is fitted
  const auto model = fitted(
      with_idle_cells(polled_run(truth), polling_cell(std::chrono::hours(1000)), truth), &held);
  const FamilyCost& cost = *model.find("polling");
  EXPECT_EQ(cost.points, 18U);
  ASSERT_EQ(cost.held_out.size(), 2U);
  EXPECT_NEAR(cost.held_out[0].cores.error(), 0, 1e-3);
  EXPECT_NEAR(cost.held_out[0].memory_bytes->error(), 0, 1e-6);
  EXPECT_NEAR(cost.held_out[1].cores.error(), -0.5, 1e-3);
}

// What a planner knows is the load that is asked for, not the one that came.
TEST(CostModel, AHeldOutCellIsPredictedFromWhatWasAskedFor) {
  const TrueCosts truth;
  result::RunResult held;
  held.scenario.topics = 700;
  held.scenario.events.rate_per_s = 8 * 700;
  held.cells.push_back(cell_with(polling_cell(std::chrono::milliseconds(150)), 700, 2 * 700 / 0.15,
                                 700 * 8, 700 * 8, truth));
  held.cells.front().predicted["requests_per_delivery"] = {.mean = 1 / 0.15 / 8};
  const auto model = fitted(
      with_idle_cells(polled_run(truth), polling_cell(std::chrono::hours(1000)), truth), &held);
  const FamilyCost& cost = *model.find("polling");
  ASSERT_EQ(cost.held_out.size(), 1U);
  EXPECT_NEAR(cost.held_out[0].cores.predicted,
              truth.base + 700 * truth.idle + 700 / 0.15 * truth.request + 5600 * truth.delivery +
                  5600 * truth.publish,
              1e-4);
  EXPECT_LT(cost.held_out[0].bytes_per_s->error(), -0.4);
}

// A poll with a connection of its own leaves nothing behind but the server itself.
TEST(CostModel, WithoutConnectionsMemoryIsThatOfTheServer) {
  result::RunResult run;
  for (const double clients : {100.0, 400.0, 1000.0}) {
    for (const double rate : {1.0, 20.0}) {
      auto cell = cell_with(polling_cell(std::chrono::seconds(1), true), clients, clients,
                            clients * rate, rate, TrueCosts{});
      cell.server->memory_bytes = 5'000'000;
      run.cells.push_back(cell);
    }
  }
  const FamilyCost cost = *fitted(run).find("polling,new-connection");
  EXPECT_NEAR(cost.memory_base_bytes.value, 5e6, 1);
  EXPECT_FALSE(cost.memory_each_bytes.usable());
}

TEST(CostModel, NoiseWidensTheIntervalAroundTheTruth) {
  const TrueCosts truth;
  const auto model = fitted(polled_run(truth, 0.05));
  const FamilyCost& cost = *model.find("polling");
  EXPECT_LE(cost.request_cpu_s.low, truth.request);
  EXPECT_GE(cost.request_cpu_s.high, truth.request);
  EXPECT_GT(cost.request_cpu_s.high - cost.request_cpu_s.low, truth.request * 0.01);
  const Load load{500, 4000, 3000, 6};
  EXPECT_LE(cost.cores_low(load), cost.cores(load));
  EXPECT_GE(cost.cores_high(load), cost.cores(load));
}

// One event, one answer: request and delivery cannot be told apart, and the request stands for
// both.
TEST(CostModel, LongPollsThatNeverBatchHaveOneConstant) {
  const TrueCosts truth;
  result::RunResult run;
  for (const double clients : {100.0, 300.0, 900.0}) {
    for (const double rate : {1.0, 4.0}) {
      run.cells.push_back(
          cell_with(long_polling_cell(), clients, clients * rate, clients * rate, rate, truth));
    }
  }
  const FamilyCost cost =
      *fitted(with_idle_cells(run, long_polling_cell(), truth)).find("long-polling");
  EXPECT_EQ(cost.delivery_cpu_s.state, Estimate::State::kInseparable);
  EXPECT_NEAR(cost.request_cpu_s.value, truth.request + truth.delivery, 1e-8);
}

TEST(CostModel, TooFewCellsAreAProblemAndNothingAFailure) {
  result::RunResult run = polled_run(TrueCosts{});
  run.cells.push_back(cell_with(websocket_cell(), 100, 0, 100, 1, TrueCosts{}));
  Observations seen;
  add_observations(run, false, seen);
  std::vector<std::string> problems;
  const auto model = fit_costs(seen.usable, problems);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->find("websocket"), nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems.front().find("websocket: 1 cells"), std::string::npos);
  problems.clear();
  EXPECT_FALSE(fit_costs({}, problems));
}

}  // namespace
}  // namespace pushbench::study
