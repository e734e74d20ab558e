#include "harness/plan/scenario.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::plan {
namespace {

std::string refusal(const std::string& line) {
  const auto scenario =
      parse_scenario("name: load\nstrategies: [{websocket: {}}]\n" + line + "\n", "load.yaml", ".");
  return scenario ? "(accepted)" : scenario.error().text;
}

TEST(BinderLists, SayWhatAProfileNeeds) {
  struct Case {
    std::string line, message;
  };
  const std::array<Case, 12> cases{{
      {"clients: [1]",
       "load.yaml:3:10: clients: expected a count such as 1000, or a map of one of steps, ramp, "
       "daily, hourly; got a list"},
      {"clients:",
       "load.yaml:3:1: clients: expected a count such as 1000, or a map of one of steps, ramp, "
       "daily, hourly; got nothing"},
      {"events: {rate: {}}",
       "load.yaml:3:16: events.rate: expected a rate such as 100/s, or a map of one of steps, "
       "ramp, daily, hourly; got 0 keys"},
      {"events: {rate: {dayly: {}}}",
       "load.yaml:3:17: events.rate: unknown key 'dayly', did you mean 'daily'?"},
      {"events: {rate: {steps: []}}",
       "load.yaml:3:24: events.rate.steps: expected a list of steps such as [{at: 0s, rate: 10/s}, "
       "{at: 20s, rate: 50/s}], got an empty list"},
      {"events: {rate: {steps: [10/s]}}",
       "load.yaml:3:25: events.rate.steps[0]: expected a map, got '10/s'"},
      {"events: {rate: {steps: [{at: 0s, clients: 5}]}}",
       "load.yaml:3:34: events.rate.steps[0]: unknown key 'clients'; known here: at, rate"},
      {"events: {rate: {steps: [{at: 0s}]}}",
       "load.yaml:3:25: events.rate.steps[0].rate: missing; add rate: 50/s"},
      {"clients: {ramp: {from: 1, to: 10, ower: 5s}}",
       "load.yaml:3:35: clients.ramp: unknown key 'ower', did you mean 'over'?"},
      {"clients: {daily: {low: 0, high: 10}}",
       "load.yaml:3:24: clients.daily.low: expected 1 to 1M, got '0'"},
      {"events: {rate: {hourly: {mean: 5/s, weights: [1, 2]}}}",
       "load.yaml:3:46: events.rate.hourly.weights: expected a list of 24 numbers, one for each "
       "hour; got 2"},
      {"events: {rate: {daily: {low: 1/s, high: 5/s, peak-at: 25h}}}",
       "load.yaml:3:55: events.rate.daily.peak-at: expected 0h to 24h, got '25h'"},
  }};
  for (const auto& row : cases) {
    EXPECT_EQ(refusal(row.line), row.message) << row.line;
  }
}

TEST(BinderLists, AWeightThatIsNoNumberIsNamed) {
  std::string weights = "[1";
  for (int hour = 1; hour < 24; ++hour) {
    weights += hour == 5 ? ", many" : ", 1";
  }
  EXPECT_EQ(refusal("clients: {hourly: {mean: 50, weights: " + weights + "]}}"),
            "load.yaml:3:55: clients.hourly.weights[5]: expected a number such as 0.4 or 12, got "
            "'many'");
}

}  // namespace
}  // namespace pushbench::plan
