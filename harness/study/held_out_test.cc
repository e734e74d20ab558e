#include "harness/study/held_out.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pushbench::study {
namespace {

Estimate exactly(double value) {
  return {value, value, value, Estimate::State::kGiven};
}

FamilyCost known_cost() {
  FamilyCost cost;
  cost.delivery_cpu_s = exactly(1e-5);
  cost.memory_base_bytes = exactly(1e6);
  cost.memory_each_bytes = exactly(500);
  cost.kernel_each_bytes = exactly(7000);
  cost.kernel_at_hand_bytes = exactly(2e6);
  cost.delivery_down_bytes = exactly(20);
  return cost;
}

Observation held_load(double clients, double deliveries_per_s) {
  Observation point;
  point.cell = "websocket";
  point.clients = clients;
  point.held_out = true;
  point.asked = {.connections = clients, .deliveries_per_s = deliveries_per_s};
  point.deliveries_per_s = deliveries_per_s;
  point.cores = deliveries_per_s * 1e-5;
  point.payload_bytes_per_s = deliveries_per_s * 100;
  point.overhead_down_bytes_per_s = deliveries_per_s * 20;
  return point;
}

TEST(HeldOut, EveryFigureIsPredictedFromWhatWasAskedFor) {
  Observation point = held_load(1000, 5000);
  point.memory_bytes = 1.5e6;
  point.kernel_growth_bytes = 5e6;  // the first 2 MB were there
  point.deliveries_per_s = 4000;    // fewer were made than asked for
  point.payload_bytes_per_s = 4000 * 100;
  point.overhead_down_bytes_per_s = 5000 * 20;
  const auto held = hold_out(known_cost(), {&point});
  ASSERT_EQ(held.size(), 1U);
  EXPECT_NEAR(held[0].cores.predicted, 0.05, 1e-9);
  ASSERT_TRUE(held[0].memory_bytes && held[0].kernel_bytes && held[0].bytes_per_s);
  EXPECT_NEAR(held[0].memory_bytes->error(), 0, 1e-9);
  EXPECT_NEAR(held[0].kernel_bytes->error(), 0, 1e-9);
  EXPECT_NEAR(held[0].bytes_per_s->predicted, 5000 * 120, 1e-6);
}

TEST(HeldOut, RepeatsOfALoadAreTheirMean) {
  Observation low = held_load(1000, 5000);
  Observation high = low;
  const Observation other = held_load(2000, 5000);
  low.cores = 0.04;
  high.cores = 0.08;
  const auto held = hold_out(known_cost(), {&low, &other, &high});
  ASSERT_EQ(held.size(), 2U);
  EXPECT_NEAR(held[0].cores.measured, 0.06, 1e-9);
  EXPECT_NEAR(held[1].cores.measured, 0.05, 1e-9);
}

TEST(HeldOut, AFigureIsTheMeanOfTheRepeatsThatHaveIt) {
  Observation blurred = held_load(1000, 5000);
  Observation one = blurred;
  Observation two = blurred;
  one.kernel_growth_bytes = 4e6;
  two.kernel_growth_bytes = 6e6;
  const auto held = hold_out(known_cost(), {&blurred, &one, &two});
  ASSERT_EQ(held.size(), 1U);
  ASSERT_TRUE(held[0].kernel_bytes);
  EXPECT_NEAR(held[0].kernel_bytes->measured, 5e6, 1e-6);
  EXPECT_FALSE(held[0].memory_bytes) << "none has it";
}

TEST(HeldOut, WhatWasFittedIsNoHoldOutAndLoadsHaveABound) {
  Observation fitted = held_load(1000, 5000);
  fitted.held_out = false;
  EXPECT_TRUE(hold_out(known_cost(), {&fitted}).empty());
  std::vector<Observation> many(kMostHeldOut + 5, held_load(1000, 5000));
  std::vector<const Observation*> all;
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].clients += static_cast<double>(i);
    all.push_back(&many[i]);
  }
  EXPECT_EQ(hold_out(known_cost(), all).size(), kMostHeldOut);
}

}  // namespace
}  // namespace pushbench::study
