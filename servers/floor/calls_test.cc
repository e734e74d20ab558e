#include "servers/floor/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pushbench::servers::floor {
namespace {

TEST(Calls, EveryOneOfThemTakesTime) {
  const auto costs = measure_calls({.rounds = 2, .pairs = 10});
  ASSERT_TRUE(costs) << costs.error().text;
  EXPECT_EQ(costs->size(), 9U);
  for (const CallCost& cost : *costs) {
    EXPECT_GT(cost.ns, 0) << cost.call;
  }
}

TEST(Calls, SaysThatThereAreTooFewDescriptors) {
  const auto costs = measure_calls({.rounds = 1, .pairs = 2'000'000'000});
  ASSERT_FALSE(costs);
  EXPECT_THAT(costs.error().text, ::testing::HasSubstr("--pairs"));
}

TEST(CallsTable, PutsFiguresBelowEachOther) {
  const std::string table = calls_table({{"write of 16 × 132 bytes", 10552.4}, {"read", 3}});
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 3);
  EXPECT_THAT(table, ::testing::HasSubstr("     10552\n"));
  EXPECT_THAT(table, ::testing::HasSubstr("         3\n"));
}

}  // namespace
}  // namespace pushbench::servers::floor
