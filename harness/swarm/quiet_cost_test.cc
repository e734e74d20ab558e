#include "harness/swarm/quiet_cost.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

// Slices of 1,000 deliveries, each at so many nanoseconds.
class Slices {
 public:
  Slices() { cost_.mark(cpu_ns_, received_); }
  void add(std::uint64_t ns_each, std::uint64_t deliveries = 1000) {
    cpu_ns_ += ns_each * deliveries;
    received_ += deliveries;
    cost_.mark(cpu_ns_, received_);
  }
  std::uint64_t picos() const { return cost_.per_delivery_ps().value_or(0); }

 private:
  QuietCost cost_;
  std::uint64_t cpu_ns_ = 5'000'000;
  std::uint64_t received_ = 70;
};

TEST(QuietCost, IsWhatSlicesCostThatNothingDisturbed) {
  Slices slices;
  for (int i = 0; i < 40; ++i) {
    slices.add(5000);
    slices.add(5000 + 400 * static_cast<std::uint64_t>(i));  // the host was busy
  }
  EXPECT_NEAR(static_cast<double>(slices.picos()), 5e6, 5e6 / 1000);
}

TEST(QuietCost, FewSlicesHaveNone) {
  Slices slices;
  for (int i = 0; i < 24; ++i) {
    slices.add(5000);
  }
  EXPECT_EQ(slices.picos(), 0U);
  slices.add(5000);
  EXPECT_NE(slices.picos(), 0U);
}

TEST(QuietCost, ASliceGoesOnUntilItHasEnoughDeliveries) {
  Slices slices;
  for (int i = 0; i < 40; ++i) {
    slices.add(2000, 500);
    slices.add(8000, 500);
  }
  EXPECT_NEAR(static_cast<double>(slices.picos()), 5e6, 5e6 / 1000);
}

TEST(QuietCost, AThreadThatEndedSpoilsOneSlice) {
  QuietCost cost;
  cost.mark(9'000'000, 0);
  cost.mark(2'000'000, 1000);
  for (std::uint64_t i = 2; i < 42; ++i) {
    cost.mark(i * 2'000'000, i * 1000);
  }
  EXPECT_NEAR(static_cast<double>(cost.per_delivery_ps().value()), 2e6, 2e3);
}

}  // namespace
}  // namespace pushbench::swarm
