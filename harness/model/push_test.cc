#include "harness/model/push.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace pushbench::model {
namespace {

TEST(Push, WaitsForNothing) {
  const Latency latency = push_latency(0.05);
  EXPECT_EQ(latency.mean_s, 0.05);
  EXPECT_EQ(latency.p50_s, 0.05);
  EXPECT_EQ(latency.p99_s, 0.05);
  EXPECT_EQ(latency.max_s, 0.05);
}

TEST(SignsOfLife, PoissonAsSimulated) {
  for (const double rate : {0.02, 0.1, 0.2}) {
    Random random(3);
    double time = 0;
    double signs = 0;
    for (int i = 0; i < 200'000; ++i) {
      const double gap = random.exponential() / rate;
      time += gap;
      signs += std::floor(gap / kSseSilence);
    }
    const double model = signs_of_life_per_s({.rate_per_s = rate}, kSseSilence);
    EXPECT_NEAR(model, signs / time, 0.04 * model) << rate;
  }
}

// Connections of the ramp are as old as they are when publishing begins.
TEST(SignsOfLife, OfAWindowAsSimulated) {
  constexpr double kRamp = 8, kBegin = 2, kEnd = 40;
  for (const double rate : {0.05, 0.2}) {
    Random random(7);
    double signs = 0;
    constexpr int kConnections = 200'000;
    for (int i = 0; i < kConnections; ++i) {
      double since = -kRamp * random.uniform();
      for (double event = random.exponential() / rate; since < kEnd;
           event += random.exponential() / rate) {
        for (double sign = since + kSseSilence; sign < std::min(event, kEnd); sign += kSseSilence) {
          signs += sign >= kBegin ? 1 : 0;
        }
        since = event;
      }
    }
    const double model =
        signs_of_life_between({.rate_per_s = rate}, kSseSilence, kRamp, kBegin, kEnd);
    EXPECT_NEAR(model, signs / kConnections, 0.02 * model) << rate;
  }
  EXPECT_EQ(signs_of_life_between({.rate_per_s = 0.1}, kSseSilence, 0, 0, 14), 0);
  EXPECT_EQ(signs_of_life_between({.poisson = false, .rate_per_s = 0.02}, kSseSilence, 0, 0, 100),
            6);
}

TEST(SignsOfLife, PeriodicEventsLeaveWholeSilences) {
  EXPECT_EQ(signs_of_life_per_s({.poisson = false, .rate_per_s = 1}, kSseSilence), 0);
  EXPECT_DOUBLE_EQ(signs_of_life_per_s({.poisson = false, .rate_per_s = 1.0 / 40}, kSseSilence),
                   2.0 / 40);
  EXPECT_EQ(signs_of_life_per_s({.poisson = false, .rate_per_s = 1.0 / 15}, kSseSilence), 0);
  EXPECT_DOUBLE_EQ(signs_of_life_per_s({.rate_per_s = 0}, kWebSocketSilence), 1.0 / 30);
}

}  // namespace
}  // namespace pushbench::model
