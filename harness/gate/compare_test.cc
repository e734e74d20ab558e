#include "harness/gate/compare.h"

#include "harness/gate/made_facts.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::gate {
namespace {

using testing::HasSubstr;

const CompareOptions kToday{.today = "2026-11-26"};

Policy quick_policy() {
  Policy policy = default_policy();
  policy.resamples = 300;
  return policy;
}

const Row& row_of(const Comparison& comparison, const std::string& metric) {
  for (const auto& row : comparison.rows) {
    if (row.metric == metric) {
      return row;
    }
  }
  ADD_FAILURE() << "no row of " << metric;
  return comparison.rows[0];
}

Comparison compared(const Arm& base, const Arm& head, const Policy& policy = quick_policy()) {
  auto out = compare(base, head, policy, nullptr, kToday);
  EXPECT_TRUE(out) << out.error().text;
  return out ? *out : Comparison();
}

// 300 comparisons of a build with itself, ten runs a side, six metrics each, outliers included:
// the gate may cry wolf once in a hundred at most.
TEST(Compare, CriesWolfAtMostOnceInAHundred) {
  Random random(1);
  int alarms = 0;
  int better = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const auto comparison =
        compared(made_arm(usual_metrics(), 10, random), made_arm(usual_metrics(), 10, random));
    alarms += comparison.code() == ExitCode::kRegression ? 1 : 0;
    for (const auto& row : comparison.rows) {
      better += row.found == Found::kBetter ? 1 : 0;
    }
  }
  EXPECT_LE(alarms, 3);
  EXPECT_LE(better, 3);
}

TEST(Compare, FindsTenPercentMoreProcessorTime) {
  Random random(2);
  auto slower = usual_metrics();
  slower["server_cpu_ns_per_delivery"].level *= 1.10;
  int found = 0;
  constexpr int kTrials = 60;
  for (int trial = 0; trial < kTrials; ++trial) {
    const auto comparison =
        compared(made_arm(usual_metrics(), 10, random), made_arm(slower, 10, random));
    found += row_of(comparison, "server_cpu_ns_per_delivery").regression() ? 1 : 0;
  }
  EXPECT_GE(found, kTrials * 9 / 10);
}

// Runs in turn on a machine whose other guests are busy for a few runs at a time, and quiet again.
struct SidesInTurn {
  Arm base{.name = "made", .runs = {}}, head{.name = "made", .runs = {}};
};
SidesInTurn made_in_turn(double factor, bool tell_times, Random& random) {
  constexpr std::size_t kRuns = 20;  // of each
  SidesInTurn out;
  double others = 1;
  for (std::size_t i = 0; i < 2 * kRuns; ++i) {
    if (random.uniform() < 0.15) {
      others = others > 1 ? 1 : 1.05 + 0.2 * random.uniform();
    }
    const bool swapped = i / 2 % 2 == 1;
    const bool of_head = (i % 2 == 1) != swapped;
    const double value = 6000 * others * std::exp(0.03 * random.normal());
    auto run =
        made_run(made_cell({{"server_cpu_ns_per_delivery", of_head ? factor * value : value}}));
    if (tell_times) {
      run.cells["websocket"][0].started_utc = fmt::format("2026-11-26T10:{:02}:00Z", i);
    }
    (of_head ? out.head : out.base).runs.push_back(std::move(run));
  }
  return out;
}

int regressions_in_turn(double factor, bool tell_times, int trials) {
  Random random(11);
  int found = 0;
  for (int trial = 0; trial < trials; ++trial) {
    const auto sides = made_in_turn(factor, tell_times, random);
    found += row_of(compared(sides.base, sides.head), "server_cpu_ns_per_delivery").regression();
  }
  return found;
}

TEST(Compare, RunsInTurnAreComparedWithTheirNeighbours) {
  constexpr int kTrials = 60;
  const int found = regressions_in_turn(1.10, true, kTrials);
  EXPECT_GE(found, kTrials * 9 / 10);
  EXPECT_LT(regressions_in_turn(1.10, false, kTrials), found);
  EXPECT_LE(regressions_in_turn(1, true, 2 * kTrials), 1);
}

TEST(Compare, FindsOneByteOfAHeadAlways) {
  Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    const auto base = made_arm(usual_metrics(), 1, random);
    auto head = made_arm(usual_metrics(), 1, random);
    ++head.runs[0].cells["websocket"][0].exact["head_down_bytes"];
    const auto comparison = compared(base, head);
    EXPECT_EQ(comparison.code(), ExitCode::kRegression);
    const auto& row = row_of(comparison, "exact.head_down_bytes");
    EXPECT_TRUE(row.regression());
    EXPECT_EQ(found_name(row), "changed");
    EXPECT_EQ(row.base, 147);
    EXPECT_EQ(row.head, 148);
  }
}

TEST(Compare, RefusesOtherWorkloadsAndMachinesUnlessForced) {
  Random random(4);
  const auto base = made_arm(usual_metrics(), 2, random);
  auto head = made_arm(usual_metrics(), 2, random);
  head.runs[1].scenario_hash = "another";
  auto refused = compare(base, head, quick_policy(), nullptr, kToday);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  EXPECT_THAT(refused.error().text, HasSubstr("different workloads"));
  EXPECT_TRUE(compare(base, head, quick_policy(), nullptr, {.force_scenario = true, .today = "x"}));

  head = made_arm(usual_metrics(), 2, random);
  for (auto& run : head.runs) {
    run.environment["cpu"] = "another\x1b";
  }
  refused = compare(base, head, quick_policy(), nullptr, kToday);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  EXPECT_THAT(refused.error().text, HasSubstr("cpu (made and another\\x1b)"));
  EXPECT_TRUE(
      compare(base, head, quick_policy(), nullptr, {.force_environment = true, .today = "x"}));
}

TEST(Compare, RefusesRunsThatAreNotValid) {
  Random random(5);
  const auto base = made_arm(usual_metrics(), 2, random);
  auto head = base;
  head.runs[1].invalid = true;
  head.runs[1].file = "there/result.json";
  head.runs[1].why_invalid = "publisher-lag: late";
  const auto refused = compare(base, head, quick_policy(), nullptr, kToday);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kNotValid);
  EXPECT_THAT(refused.error().text, HasSubstr("there/result.json"));
  EXPECT_THAT(refused.error().text, HasSubstr("publisher-lag"));
}

TEST(Compare, NamesCellsThatOnlyOneSideHas) {
  Random random(6);
  const auto base = made_arm(usual_metrics(), 2, random);
  auto head = base;
  head.runs[0].cells["polling/interval=1s"] = head.runs[0].cells["websocket"];
  const auto comparison = compared(base, head);
  ASSERT_EQ(comparison.remarks.size(), 1U);
  EXPECT_EQ(comparison.remarks[0], "polling/interval=1s is in the head alone and not compared");

  for (auto& run : head.runs) {
    run.cells.erase("websocket");
  }
  const auto refused = compare(base, head, quick_policy(), nullptr, kToday);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("no cell in common"));
}

TEST(Compare, LeavesOutHeadsOfRequestsToUrlsOfAnotherLength) {
  Random random(7);
  auto base = made_arm(usual_metrics(), 1, random);
  auto head = base;
  base.runs[0].server = "http://127.0.0.1:80";
  head.runs[0].server = "http://127.0.0.1:8080";
  base.runs[0].cells["websocket"][0].exact["head_up_bytes"] = 160;
  head.runs[0].cells["websocket"][0].exact["head_up_bytes"] = 162;
  const auto comparison = compared(base, head);
  EXPECT_EQ(comparison.regressions(), 0U);
  ASSERT_EQ(comparison.remarks.size(), 1U);
  EXPECT_THAT(comparison.remarks[0], HasSubstr("differ in length"));
}

TEST(Compare, AcceptsWhatThePolicyAcceptsUntilTheDay) {
  Random random(8);
  const auto base = made_arm(usual_metrics(), 1, random);
  auto head = base;
  ++head.runs[0].cells["websocket"][0].exact["head_down_bytes"];
  Policy policy = quick_policy();
  policy.metrics.clear();
  policy.accepted.push_back(
      {.metric = "exact", .cell = "web", .reason = "a new field", .until = "2026-11-26"});
  const auto accepted = compared(base, head, policy);
  EXPECT_EQ(accepted.code(), ExitCode::kOk);
  EXPECT_EQ(row_of(accepted, "exact.head_down_bytes").accepted, "a new field");
  EXPECT_THAT(accepted.remarks.at(0), HasSubstr("accepted until 2026-11-26"));

  const auto later = compare(base, head, policy, nullptr, {.today = "2026-11-27"});
  ASSERT_TRUE(later);
  EXPECT_EQ(later->code(), ExitCode::kRegression);
  EXPECT_THAT(later->remarks.at(0), HasSubstr("ended on 2026-11-26 and is not applied"));

  policy.accepted[0].cell = "polling";
  EXPECT_EQ(compared(base, head, policy).code(), ExitCode::kRegression);
}

TEST(Compare, TheSameFilesGiveTheSameAnswer) {
  Random random(9);
  const auto base = made_arm(usual_metrics(), 8, random);
  const auto head = made_arm(usual_metrics(), 8, random);
  const auto once = compared(base, head);
  const auto again = compared(base, head);
  ASSERT_EQ(once.rows.size(), again.rows.size());
  for (std::size_t i = 0; i < once.rows.size(); ++i) {
    EXPECT_EQ(once.rows[i].low, again.rows[i].low);
    EXPECT_EQ(once.rows[i].high, again.rows[i].high);
  }
}

TEST(Compare, TheNoiseFloorIsPartOfTheLeastEffect) {
  Random random(10);
  auto slower = usual_metrics();
  slower["server_cpu_ns_per_delivery"].level *= 1.10;
  const auto base = made_arm(usual_metrics(), 10, random);
  const auto head = made_arm(slower, 10, random);
  Noise noise;
  noise.origin = "noise.json";
  noise.cells["websocket"]["server_cpu_ns_per_delivery"] = {.floor = 0.3};
  const auto comparison = compare(base, head, quick_policy(), &noise, kToday);
  ASSERT_TRUE(comparison);
  const auto& row = row_of(*comparison, "server_cpu_ns_per_delivery");
  EXPECT_EQ(row.least_effect, 0.3);
  EXPECT_TRUE(row.effect_is_noise);
  EXPECT_EQ(row.found, Found::kSame);
  EXPECT_EQ(comparison->noise, "noise.json");
}

}  // namespace
}  // namespace pushbench::gate
