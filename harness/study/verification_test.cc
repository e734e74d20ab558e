#include "harness/study/verification.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace pushbench::study {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNearly = 1e-9;

Needs patient() {
  Needs needs;
  needs.workload.clients = 10'000;
  needs.workload.events_per_client_per_s = 0.01;
  needs.workload.fan_out = 50;
  needs.workload.one_way_s = 0.03;
  needs.workload.upstream_per_client_per_s = 0.001;
  needs.staleness_s = 150;
  return needs;
}

Needs hasty() {
  Needs needs = patient();
  needs.workload.events_per_client_per_s = 20;
  needs.workload.fan_out = 10'000;
  needs.staleness_s = 0.1;
  return needs;
}

Estimate just(double value) {
  return {value, value, value, Estimate::State::kGiven};
}

// The server itself takes 0.01 cores.
CostModel plain_model() {
  CostModel model;
  for (const char* family : {"polling", "long-polling", "websocket"}) {
    FamilyCost cost;
    cost.family = family;
    cost.base_cores = just(0.01);
    cost.request_cpu_s = just(1e-5);
    cost.delivery_cpu_s = just(1e-5);
    model.families.push_back(cost);
  }
  return model;
}

Option option_for(const std::string& family, double share, bool fits = true) {
  Option option;
  option.family = family;
  option.share = share;
  option.objection = fits ? "" : "too slow";
  option.too_slow = !fits;
  return option;
}

Measured measured_as(const std::string& family, double share, double latency_s = 0.01) {
  Measured one;
  one.family = family;
  one.share = {share, "processor"};
  one.share_low = one.share_high = share;
  one.latency_p99_s = latency_s;
  one.latency_max_s = latency_s;
  return one;
}

TEST(Verification, MinutesAreCompressedAtConstantEventsPerPollAndPerRoundTrip) {
  const Needs needs = patient();
  const Part part = part_of(needs, websocket_cell());
  EXPECT_EQ(part.compression, 100);
  const auto poll = compressed(polling_cell(std::chrono::seconds(100)), part.compression);
  EXPECT_EQ(poll.interval, std::chrono::seconds(1));
  const auto& whole = needs.workload;
  EXPECT_NEAR(part.workload.events_per_client_per_s * seconds_of(poll.interval),
              whole.events_per_client_per_s * 100, kNearly);
  EXPECT_NEAR(part.workload.events_per_client_per_s * part.workload.one_way_s,
              whole.events_per_client_per_s * whole.one_way_s, kNearly);
  EXPECT_NEAR(part.workload.upstream_per_client_per_s, 0.1, kNearly);
  EXPECT_EQ(compressed(long_polling_cell(), 100).hold, std::chrono::milliseconds(250));
  // 8,000 of 10,000 clients, each with a hundred times the events: 80 times the deliveries.
  EXPECT_EQ(part.workload.clients, 8000);
  EXPECT_NEAR(part.clients, 1.25, kNearly);
  EXPECT_NEAR(part.rates, 0.0125, kNearly);
}

TEST(Verification, PollsAreAsManyAsAProcessorOfClientsAsks) {
  const auto interval = std::chrono::seconds(50);  // 500 ms as it is run
  EXPECT_EQ(part_of(patient(), polling_cell(interval)).workload.clients, 7500);
  EXPECT_EQ(part_of(patient(), polling_cell(interval, true)).workload.clients, 2000);
}

TEST(Verification, WhatIsQuickIsRunAsItIsWithFewerClients) {
  const Part part = part_of(hasty(), websocket_cell());
  EXPECT_EQ(part.compression, 1);
  // 20,000 a second, of 20 received and 0.001 sent by each.
  EXPECT_EQ(part.workload.clients, 999);
  EXPECT_EQ(part.workload.fan_out, 999);
  EXPECT_NEAR(part.rates, 10'000 / 999.0, kNearly);
  Needs few = hasty();
  few.workload.clients = 20;
  few.workload.fan_out = 1;
  EXPECT_EQ(part_of(few, websocket_cell()).workload.clients, 20);
}

TEST(Verification, EveryClientPollsOftenEnoughWithinBounds) {
  const Part part = part_of(patient(), polling_cell(std::chrono::seconds(148)));
  const auto polled = scenario_of(part, polling_cell(std::chrono::seconds(148)));
  EXPECT_GE(polled.phases.warmup, polled.strategies.front().interval);
  EXPECT_GE(polled.phases.measure, 3 * polled.strategies.front().interval);
  Part seldom = part;
  seldom.workload.events_per_client_per_s = 0.01;
  seldom.workload.fan_out = seldom.workload.clients;
  EXPECT_EQ(seconds_of(scenario_of(seldom, websocket_cell()).phases.measure), kLongestPart);
}

TEST(Verification, WhatWasMeasuredStandsForTheWhole) {
  const Needs needs = patient();
  const Part part = part_of(needs, websocket_cell());
  result::CellResult cell;
  cell.strategy = websocket_cell();
  cell.measure_s = 10;
  cell.events_measured = 400;
  cell.latency.record(std::chrono::milliseconds(20));
  cell.server = result::ServerCost{.cpu_ns = 1'300'000'000,
                                   .memory_base_bytes = 5'000'000,
                                   .memory_bytes = 6'000'000,
                                   .connections = 2000,
                                   .kernel_base_bytes = 100'000'000,
                                   .kernel_bytes = 116'000'000,
                                   .publish_cpu_ns = 500'000};
  cell.kernel_server = result::KernelTraffic{.ip_out_bytes = 40'000'000};
  const auto seen = measured_of(part, option_for("websocket", 0), {cell}, plain_model(), needs, {});
  ASSERT_TRUE(seen);
  // 0.13 cores, of which 0.01 the server itself and 40 events/s of 0.5 ms publishing: 0.1 grows.
  EXPECT_NEAR(seen->takes.cores, 0.01 + 0.1 * part.rates + 0.01 * 10'000 / 50 * 0.0005, kNearly);
  EXPECT_NEAR(seen->takes.memory_bytes, (1'000'000 + 8'000'000) * part.clients, kNearly);
  EXPECT_NEAR(seen->takes.ip_down_bytes_per_s, 4'000'000 * part.rates, 1e-6);
  EXPECT_NEAR(seen->latency_max_s, 2, kNearly);
  EXPECT_EQ(seen->share.scarcest, "processor");
  // Of a model that knows what pauses cost: 2,000 deliveries/s here and 100 there, both of 1 µs.
  cell.counters[result::Counter::kReceived] = 20'000;
  CostModel model = plain_model();
  model.families.back().cold_cpu_s = just(1e-6);
  const auto& whole = needs.workload;
  const double here = cold_deliveries(2'000, 40) * 1e-6;
  const double there = cold_deliveries(whole.deliveries_per_s(), whole.publishes_per_s()) * 1e-6;
  EXPECT_NEAR(measured_of(part, option_for("websocket", 0), {cell}, model, needs, {})->takes.cores,
              seen->takes.cores - here * part.rates + there, kNearly);
  // A kernel whose growth nobody can tell takes what the model says.
  cell.server->kernel_bytes = 0;
  model.families.back().kernel_each_bytes = just(6'000);
  EXPECT_NEAR(
      measured_of(part, option_for("websocket", 0), {cell}, model, needs, {})->takes.memory_bytes,
      (1'000'000 + 6'000'000) * part.clients, kNearly);
  cell.server.reset();
  EXPECT_FALSE(measured_of(part, option_for("websocket", 0), {cell}, plain_model(), needs, {}));
}

TEST(Verification, TheMiddleRunStandsForAllAndTheWorstEventOfAll) {
  std::vector<result::CellResult> runs(3);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    auto& run = runs[i];
    run.strategy = websocket_cell();
    run.measure_s = 10;
    run.counters[result::Counter::kReceived] = 1000;
    run.server =
        result::ServerCost{.cpu_ns = std::array{900'000'000U, 200'000'000U, 300'000'000U}[i]};
    run.latency.record(std::chrono::milliseconds(std::array{30, 10, 20}[i]));
  }
  EXPECT_EQ(&middle_run(runs), &runs[2]);
  const Needs needs = hasty();
  const auto seen = measured_of(part_of(needs, websocket_cell()), option_for("websocket", 0), runs,
                                plain_model(), needs, {});
  ASSERT_TRUE(seen);
  EXPECT_NEAR(seen->latency_p99_s, 0.020, 1e-4);
  EXPECT_NEAR(seen->latency_max_s, 0.030, 1e-4);
  EXPECT_LT(seen->share_low, seen->share.value);
  EXPECT_GT(seen->share_high, seen->share.value);
  for (auto& run : runs) {
    run.server.reset();
  }
  EXPECT_EQ(&middle_run(runs), &runs[2]);  // by latency now, of which 20 ms is the middle
}

TEST(Verification, ARankingThatComesBackIsConfirmedAndTiesMayTurn) {
  Advice advice;
  advice.options = {option_for("websocket", 1), option_for("long-polling", 1.05),
                    option_for("polling", 0.5, false)};
  const auto found = agreement_of(advice,
                                  {measured_as("websocket", 1.2), measured_as("long-polling", 1.15),
                                   measured_as("polling", 0.1, 0.2)},
                                  hasty());
  EXPECT_TRUE(found.confirmed()) << found.contradictions.front();
  EXPECT_EQ(found.ranking.back(), "polling");
}

TEST(Verification, RunsThatOverlapContradictNothing) {
  Advice advice;
  advice.options = {option_for("websocket", 1), option_for("long-polling", 2)};
  auto websocket = measured_as("websocket", 3);
  auto polls = measured_as("long-polling", 2);
  EXPECT_EQ(agreement_of(advice, {websocket, polls}, hasty()).contradictions.size(), 2U);
  websocket.share_low = 2.4;
  polls.share_high = 2.5;
  EXPECT_TRUE(agreement_of(advice, {websocket, polls}, hasty()).confirmed());
}

TEST(Verification, EveryContradictionIsASentence) {
  Advice advice;
  advice.options = {option_for("websocket", 1), option_for("long-polling", 2),
                    option_for("polling", 0.5, false)};
  const auto found = agreement_of(advice,
                                  {measured_as("websocket", 3), measured_as("long-polling", 2, 0.3),
                                   measured_as("polling", 1, 0.05)},
                                  hasty());
  EXPECT_THAT(found.ranking, ElementsAre("long-polling", "websocket", "polling"));
  EXPECT_THAT(found.contradictions,
              ElementsAre(HasSubstr("long-polling is told to fit"),
                          HasSubstr("polling is told to be too slow, and no event was older"),
                          HasSubstr("websocket is advised and takes 3 of a server"),
                          HasSubstr("websocket is told to take less than long-polling")));
}

}  // namespace
}  // namespace pushbench::study
