#include "harness/plan/profile_rules.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

Result<Scenario> load_of(const std::string& line, const Overrides& overrides = {}) {
  return parse_scenario(
      "name: load\nstrategies: [{websocket: {}}]\n"
      "phases: {warmup: 2s, measure: 60s}\n" +
          line + "\n",
      "load.yaml", ".", overrides);
}

std::string flat_hours(const std::string& first) {
  std::string weights = "[" + first;
  for (int hour = 1; hour < 24; ++hour) {
    weights += ", 1";
  }
  return weights + "]";
}

TEST(ProfileRules, TheRateOfAProfileIsItsMeanOverTheMeasurePhase) {
  const auto steps =
      load_of("events: {rate: {steps: [{at: 0s, rate: 10/s}, {at: 20s, rate: 40/s}]}}");
  ASSERT_TRUE(steps) << steps.error().text;
  EXPECT_DOUBLE_EQ(steps->events.rate_per_s, 30);
  EXPECT_DOUBLE_EQ(steps->events.highest_rate_per_s(), 40);
  EXPECT_DOUBLE_EQ(steps->events_in_warmup(), 20);
  const auto ramp = load_of("events: {rate: {ramp: {from: 0/s, to: 100/s, over: 30s}}}");
  ASSERT_TRUE(ramp) << ramp.error().text;
  EXPECT_DOUBLE_EQ(ramp->events.rate_per_s, 75);
  EXPECT_DOUBLE_EQ(ramp->events_in_warmup(), 0);
  const auto day = load_of("events: {rate: {daily: {low: 4/s, high: 36/s}}}");
  ASSERT_TRUE(day) << day.error().text;
  EXPECT_NEAR(day->events.rate_per_s, 20, 1e-9);
  EXPECT_EQ(day->events.profile->period, Nanos(60s));
  EXPECT_EQ(day->events.profile->peak_at, Nanos(14h));
  const auto hourly =
      load_of("events: {rate: {hourly: {mean: 5/s, weights: " + flat_hours("3") + "}}}");
  ASSERT_TRUE(hourly) << hourly.error().text;
  EXPECT_NEAR(hourly->events.rate_per_s, 5, 1e-9);
}

TEST(ProfileRules, ClientsAreTheMostAtAnyTime) {
  const auto day = load_of("clients: {daily: {low: 10, high: 250, peak-at: 20h, period: 30s}}");
  ASSERT_TRUE(day) << day.error().text;
  EXPECT_EQ(day->clients, 250U);
  EXPECT_EQ(day->clients_profile->period, Nanos(30s));
}

TEST(ProfileRules, AFlagReplacesAProfileByOneValue) {
  const std::string line =
      "clients: {ramp: {from: 1, to: 9}}\nevents: {rate: {ramp: {from: 1/s, to: 9/s}}}";
  Overrides with_flags;
  with_flags.clients = "7";
  with_flags.rate = "12/s";
  const auto both = load_of(line, with_flags);
  ASSERT_TRUE(both) << both.error().text;
  EXPECT_EQ(both->clients, 7U);
  EXPECT_EQ(both->clients_profile, nullptr);
  EXPECT_DOUBLE_EQ(both->events.rate_per_s, 12);
  EXPECT_EQ(both->events.profile, nullptr);
  Overrides in_short;
  in_short.measure = "20s";
  const auto shorter = load_of(line, in_short);
  ASSERT_TRUE(shorter) << shorter.error().text;
  EXPECT_EQ(shorter->events.profile->over, Nanos(20s));
}

TEST(ProfileRules, RefuseWhatCannotBe) {
  struct Case {
    std::string line, message;
  };
  const std::array<Case, 8> cases{{
      {"events: {rate: {steps: [{at: 5s, rate: 10/s}]}}",
       "load.yaml:4:30: events.rate.steps[0].at: expected 0s, got 5s: the first step begins with "
       "the measure phase"},
      {"clients: {steps: [{at: 0s, clients: 9}, {at: 0s, clients: 10}]}",
       "load.yaml:4:46: clients.steps[1].at: expected later than the 0s of the step before, got "
       "0s"},
      {"events: {rate: {steps: [{at: 0s, rate: 1/s}, {at: 60s, rate: 10/s}]}}",
       "load.yaml:4:51: events.rate.steps[1].at: 1m is not within the measure phase (1m), so this "
       "step would never begin; remove it or lengthen phases.measure"},
      {"events: {rate: {ramp: {from: 1/s, to: 10/s, over: 2m}}}",
       "load.yaml:4:51: events.rate.ramp.over: 2m is longer than the measure phase (1m), so it "
       "would never end; shorten it or lengthen phases.measure"},
      {"events: {rate: {daily: {low: 10/s, high: 5/s}}}",
       "load.yaml:4:42: events.rate.daily.high: 5 is below the low of 10"},
      {"events: {rate: {steps: [{at: 0s, rate: 0/s}]}}",
       "load.yaml:4:16: events.rate: no event would be measured (0 expected in 1m); raise the "
       "rate or lengthen phases.measure"},
      {"clients: {hourly: {mean: 10, weights: " + flat_hours("0") + "}}",
       "load.yaml:4:39: clients.hourly.weights: the quietest hour comes to 0 clients; at least 1 "
       "must be there"},
      {"clients: {daily: {low: 1, high: 1M, period: 1s}}",
       "load.yaml:4:10: clients: so much coming and going makes 60066928 subscriptions; at most "
       "1000000: use fewer clients or a longer period"},
  }};
  for (const auto& row : cases) {
    const auto scenario = load_of(row.line);
    EXPECT_EQ(scenario ? "(accepted)" : scenario.error().text, row.message) << row.line;
  }
}

}  // namespace
}  // namespace pushbench::plan
