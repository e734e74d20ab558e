#include "harness/plan/profile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;
using Shape = Profile::Shape;

Profile three_steps() {
  return {.shape = Shape::kSteps, .steps = {{0s, 10}, {20s, 0}, {30s, 50}}};
}

Profile line(double from, double to, Nanos over) {
  return {.shape = Shape::kRamp, .from = from, .to = to, .over = over};
}

Profile day(double low, double high, Nanos period) {
  return {.shape = Shape::kDaily, .low = low, .high = high, .period = period};
}

// Weights 0, 1 … 23.
Profile hours(double mean, Nanos period) {
  Profile profile{.shape = Shape::kHourly, .mean = mean, .period = period};
  for (std::size_t hour = 0; hour < kHoursOfADay; ++hour) {
    profile.weights.push_back(static_cast<double>(hour));
  }
  return profile;
}

std::vector<Profile> one_of_each() {
  return {three_steps(),   line(1, 100, 60s), line(100, 0, 40s),
          day(4, 36, 60s), day(0, 20, 48s),   hours(20, 48s)};
}

// By the midpoint rule, apart from the closed forms.
double summed(const Curve& curve, double from, double to) {
  constexpr int kParts = 200'000;
  const double step = (to - from) / kParts;
  double sum = 0;
  for (int i = 0; i < kParts; ++i) {
    sum += curve.at(from + (i + 0.5) * step) * step;
  }
  return sum;
}

TEST(Curve, KeepsItsFirstValueThroughTheLead) {
  const Curve curve(three_steps(), 5s);
  EXPECT_DOUBLE_EQ(curve.at(0), 10);
  EXPECT_DOUBLE_EQ(curve.at(24.9), 10);
  EXPECT_DOUBLE_EQ(curve.at(25), 0);
  EXPECT_DOUBLE_EQ(curve.at(35), 50);
  EXPECT_DOUBLE_EQ(curve.at(1e6), 50);
  EXPECT_DOUBLE_EQ(curve.area(5), 50);
  EXPECT_DOUBLE_EQ(curve.area(30), 250);
  EXPECT_DOUBLE_EQ(curve.area(37), 350);
}

TEST(Curve, ADayPeaksAtItsHourAndIsLeastTwelveHoursLater) {
  const Curve curve(day(4, 36, 240s), 0s);
  EXPECT_NEAR(curve.at(140), 36, 1e-9);
  EXPECT_NEAR(curve.at(20), 4, 1e-9);
  EXPECT_NEAR(curve.at(260), 4, 1e-9);  // the next day
  EXPECT_NEAR(curve.area(240), 20 * 240, 1e-9);
  const Curve by_hour(hours(20, 24s), 0s);
  EXPECT_DOUBLE_EQ(by_hour.at(0.5), 0);
  EXPECT_DOUBLE_EQ(by_hour.at(23.5), 20 * 23 * 24 / 276.0);
  EXPECT_DOUBLE_EQ(by_hour.area(24), 480);
}

TEST(Curve, AreaIsTheSumOfItsValues) {
  for (const auto& profile : one_of_each()) {
    const Curve curve(profile, 3s);
    for (const double end : {2.0, 17.0, 33.3, 66.0, 130.0}) {
      EXPECT_NEAR(curve.area(end) - curve.area(1), summed(curve, 1, end), 0.02)
          << static_cast<int>(profile.shape) << ' ' << end;
    }
  }
}

TEST(Curve, ReachUndoesArea) {
  for (const auto& profile : one_of_each()) {
    const Curve curve(profile, 3s);
    const double all = curve.area(120);
    double last = 0;
    for (int i = 1; i < 5000; ++i) {
      const double area = all * i / 5000;
      const double s = curve.reach(area);
      ASSERT_NEAR(curve.area(s), area, 1e-7) << static_cast<int>(profile.shape) << ' ' << i;
      ASSERT_GE(s, last - 1e-9);
      last = s;
    }
  }
}

TEST(Curve, APauseEndsWhenTheLoadComesBack) {
  const Curve curve(three_steps(), 0s);
  EXPECT_DOUBLE_EQ(curve.reach(199), 19.9);
  EXPECT_DOUBLE_EQ(curve.reach(200), 30);
  const Curve off({.shape = Shape::kSteps, .steps = {{0s, 10}, {20s, 0}}}, 0s);
  EXPECT_TRUE(std::isinf(off.reach(200)));
  // Of a day whose last hour is silent: the next one's first event.
  Profile profile = hours(20, 24s);
  profile.weights.assign(kHoursOfADay, 0);
  profile.weights[5] = 1;
  EXPECT_DOUBLE_EQ(Curve(profile, 0s).reach(0), 5);
  EXPECT_DOUBLE_EQ(Curve(profile, 0s).reach(480), 29);
}

TEST(Curve, EdgesStandWhereItJumpsOrTurns) {
  EXPECT_EQ(Curve(three_steps(), 5s).edges(100), (std::vector<double>{25, 35}));
  EXPECT_EQ(Curve(three_steps(), 5s).edges(30), (std::vector<double>{25}));
  EXPECT_EQ(Curve(line(1, 2, 10s), 0s).edges(20), (std::vector<double>{10}));
  EXPECT_EQ(Curve(day(1, 2, 24s), 1s).edges(30), (std::vector<double>{3, 15, 27}));
  EXPECT_EQ(Curve(hours(1, 24s), 0s).edges(48).size(), 47U);
}

TEST(Profile, NamesItsRangeAndItsCourse) {
  EXPECT_EQ(range_text(three_steps()), "0 to 50");
  EXPECT_EQ(course_text(three_steps()), "in 3 steps");
  EXPECT_EQ(course_text(line(1, 100, 60s)), "rising over 60.0 s");
  EXPECT_EQ(course_text(line(100, 1, 60s)), "falling over 60.0 s");
  EXPECT_EQ(course_text(day(4, 36, 240s)),
            "over a day of 24 h in 4 min (time-compressed 360 times)");
  EXPECT_EQ(course_text(day(4, 36, kDay)), "over a day of 24 h");
  EXPECT_DOUBLE_EQ(day(4, 36, 240s).compression(), 360);
  EXPECT_DOUBLE_EQ(three_steps().compression(), 1);
  EXPECT_DOUBLE_EQ(hours(24, 60s).highest(), 24.0 * 23 * 24 / 276);
}

}  // namespace
}  // namespace pushbench::plan
