// Loads that change over time, against the real server: as many events and clients as the plan
// says, and nobody is missed who left, or owed who had not come.
#include "harness/e2e/process.h"
#include "harness/plan/event_plan.h"
#include "harness/plan/visits.h"
#include "harness/result/accounts.h"
#include "harness/result/json_io.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

namespace pushbench::e2e {
namespace {

using result::Counter;

constexpr const char* kChanging = R"(
name: changing
clients: {daily: {low: 3, high: 24, peak-at: 12h}}
topics: 4
topics-per-client: 2
events: {rate: {steps: [{at: 0s, rate: 40/s}, {at: 3s, rate: 160/s}]}, arrival: constant}
phases: {ramp: 200ms, warmup: 500ms, measure: 8s, drain: 1s}
strategies:
  - polling: {interval: 200ms}
  - long-polling: {hold: 2s}
  - streaming: {encoding: sse}
  - websocket: {}
upstream: {rate: 1/s}
)";

std::uint64_t owed_in_all(const plan::Scenario& scenario, const plan::StrategySpec& cell) {
  plan::Audience audience(scenario, cell);
  plan::EventPlan events(scenario);
  std::uint64_t owed = 0;
  while (const auto event = events.next()) {
    if (event->due >= scenario.phases.warmup) {
      audience.go_on_to(event->due);
      owed += audience.of(event->topic);
    }
  }
  return owed;
}

TEST(LoadProfiles, ComeAndGoWithoutALoss) {
  const auto scenario = plan::parse_scenario(kChanging, "changing.yaml", ".").value();
  const auto run = measured_run("changing", {write_scenario("changing", kChanging)});
  ASSERT_EQ(run.cells.size(), 4U);
  const auto visits = static_cast<std::uint64_t>(plan::count_visits(scenario)) * 2;
  for (const auto& cell : run.cells) {
    const auto& counters = cell.counters;
    EXPECT_EQ(result::imbalance_of(cell), "") << cell.name;
    EXPECT_TRUE(cell.finished) << cell.name;
    EXPECT_EQ(cell.events_measured, 3U * 40 + 5 * 160) << cell.name;
    EXPECT_EQ(counters[Counter::kPublished], cell.events_measured) << cell.name;
    EXPECT_EQ(counters[Counter::kExpected], owed_in_all(scenario, cell.strategy)) << cell.name;
    EXPECT_GT(counters[Counter::kExpected], 3'000U) << cell.name;
    for (const auto none : {Counter::kLost, Counter::kInFlight, Counter::kDuplicate,
                            Counter::kReordered, Counter::kForeign, Counter::kSocketsCut,
                            Counter::kReconnects, Counter::kRequestsFailed}) {
      EXPECT_EQ(counters[none], 0U) << cell.name << ' ' << static_cast<int>(none);
    }
    EXPECT_GT(counters[Counter::kReceived], counters[Counter::kDelivered]) << cell.name;
    EXPECT_GE(counters[Counter::kSocketsOpened], visits) << cell.name;
    EXPECT_EQ(cell.setup.count(), visits) << cell.name;
    EXPECT_EQ(cell.clients, 24U);
    EXPECT_EQ(cell.clients_at_start, 3U);
    const auto& series = cell.series;
    const auto& offered = series.offered_per_s;
    EXPECT_NEAR(*std::max_element(offered.begin(), offered.end()), 160, 1);
    // A series has whole seconds, so that the last events may lie behind it.
    const double all = 20.0 + static_cast<double>(cell.events_measured);
    const double shown = std::accumulate(offered.begin(), offered.end(), 0.0);
    EXPECT_LE(shown, all);
    EXPECT_GE(shown, all - 160);
    EXPECT_EQ(*std::max_element(series.clients_planned.begin(), series.clients_planned.end()), 24);
  }
}

// The events of the second half are four times those of the first, in what is sent too.
TEST(LoadProfiles, TheResultSaysWhatWasAskedFor) {
  const std::string text = R"(
name: rising
clients: 4
events: {rate: {daily: {low: 20/s, high: 180/s, peak-at: 18h, period: 4s}}, arrival: constant}
phases: {ramp: 100ms, warmup: 0s, measure: 4s, drain: 1s}
strategies: [{websocket: {}}]
thresholds: [rate >= 0.99*target, lost == 0]
)";
  std::string printed;
  const auto run =
      measured_run("rising", {write_scenario("rising", text)}, std::chrono::seconds(60), &printed);
  ASSERT_EQ(run.cells.size(), 1U);
  EXPECT_EQ(run.cells[0].events_measured, 400U);
  EXPECT_NEAR(run.scenario.events.rate_per_s, 100, 1e-9);
  ASSERT_TRUE(run.scenario.events.profile);
  EXPECT_DOUBLE_EQ(run.scenario.events.profile->compression(), 21600);
  EXPECT_NE(printed.find("time-compressed"), std::string::npos) << printed;
  ASSERT_EQ(run.thresholds.size(), 2U);
  EXPECT_FALSE(run.thresholds[0].crossed || run.thresholds[1].crossed);
}

TEST(LoadProfiles, CapacityAsksForALoadThatStandsStill) {
  const auto done = run_pushbench({"capacity", write_scenario("changing", kChanging), "--slo",
                                   "latency.p99 < 50ms", "--over", "clients"});
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.err.find("give one value: --rate 100/s"), std::string::npos) << done.err;
}

}  // namespace
}  // namespace pushbench::e2e
