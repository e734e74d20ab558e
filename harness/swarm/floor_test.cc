#include "harness/swarm/floor.h"

#include "harness/base/time.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

// Loopback, a wake-up and some parsing: more than a system call, less than anything a person would
// call late, on any machine that can run the tests.
TEST(Floor, IsMeasuredQuicklyAndIsNeitherNothingNorAWait) {
  const TimePoint began = steady_now();
  const auto floor = measure_floor(false);
  EXPECT_LT(steady_now() - began, std::chrono::seconds(5));
  ASSERT_TRUE(floor);
  EXPECT_GT(floor->latency_p50_ns, 1'000U);
  EXPECT_LT(floor->latency_p50_ns, 100'000'000U);
  EXPECT_GE(floor->latency_p99_ns, floor->latency_p50_ns);
  EXPECT_GT(floor->cost_ns_per_delivery, 50U);
  EXPECT_LT(floor->cost_ns_per_delivery, 1'000'000U);
}

TEST(Floor, CanBeMeasuredOnPinnedProcessorsAndAgain) {
  EXPECT_TRUE(measure_floor(true));
  EXPECT_TRUE(measure_floor(true));
}

}  // namespace
}  // namespace pushbench::swarm
