#include "harness/study/sweep.h"

#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

Sweep two_by_two() {
  Sweep sweep;
  sweep.scenario = "chat";
  sweep.workload = "0123";
  sweep.varied = {*parse_varied("events.rate=1/s,10/s"), *parse_varied("link.rtt=0ms,100ms")};
  sweep.points = *points_of(sweep.varied);
  return sweep;
}

TEST(Sweep, PointsAreAllCombinationsTheLastKeyFastest) {
  const Sweep sweep = two_by_two();
  ASSERT_EQ(sweep.points.size(), 4U);
  EXPECT_EQ(sweep.points[1].values, (std::vector<std::string>{"1/s", "100ms"}));
  EXPECT_EQ(sweep.points[2].values, (std::vector<std::string>{"10/s", "0ms"}));
  plan::Overrides given;
  given.measure = "2s";
  const auto overrides = overrides_of(sweep.varied, sweep.points[1], given);
  EXPECT_EQ(overrides.rate, "1/s");
  EXPECT_EQ(overrides.rtt, "100ms");
  EXPECT_EQ(overrides.measure, "2s");
}

TEST(Sweep, TooManyPointsAreRefused) {
  Varied many{"clients", {}};
  for (int i = 1; i <= 40; ++i) {
    many.values.push_back(std::to_string(i));
  }
  EXPECT_TRUE(points_of({many}));
  EXPECT_FALSE(points_of({many, many}));
}

TEST(Sweep, AResultLeavesItsFiguresAndIsReadBack) {
  Sweep sweep = two_by_two();
  result::RunResult run;
  run.cells.push_back(cell_with(websocket_cell(), 10, 0, 100, 10, TrueCosts{}));
  take_result(sweep.points[0], run);
  sweep.points[0].file = "points/0001.json";
  sweep.points[3].status = Point::Status::kImpossible;
  sweep.points[3].text = "too much";
  EXPECT_EQ(sweep.done(), 2U);
  EXPECT_EQ(sweep.points[0].cells.front().cell, "websocket");
  EXPECT_TRUE(sweep.points[0].cells.front().metric("server_cpu_ns_per_delivery"));
  EXPECT_FALSE(sweep.points[0].cells.front().metric("latency_p99_ns"));
  const std::string text = to_json(sweep);
  const auto back = sweep_from_json(text, "sweep.json");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), text);
  EXPECT_FALSE(sweep_from_json(text.substr(0, text.size() / 2), "sweep.json"));
  std::string other = text;
  other.replace(other.find("impossible"), 10, "improbable");
  EXPECT_FALSE(sweep_from_json(other, "sweep.json"));
}

TEST(Sweep, TheWinnerIsTheBestSoundCell) {
  const auto* p99 = result::find_metric("latency_p99_ns");
  const auto* received = result::find_metric("received_per_s");
  const auto cell = [](const char* name, double value, bool sound) {
    return PointCell{name, sound, {{"latency_p99_ns", value}, {"received_per_s", value}}};
  };
  Point point;
  EXPECT_FALSE(winner_of(point, *p99));
  point.cells = {cell("a", 30, true), cell("b", 10, true), cell("c", 1, false)};
  const auto least = winner_of(point, *p99);
  ASSERT_TRUE(least);
  EXPECT_EQ(least->cell, "b");
  EXPECT_EQ(least->next, "a");
  EXPECT_NEAR(least->margin, 3, 1e-12);
  EXPECT_EQ(winner_of(point, *received)->cell, "a");
  point.cells = {cell("a", 100, true), cell("b", 102, true)};
  EXPECT_TRUE(winner_of(point, *p99)->tie());
}

}  // namespace
}  // namespace pushbench::study
