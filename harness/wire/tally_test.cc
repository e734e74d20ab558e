#include "harness/wire/tally.h"

#include <gtest/gtest.h>

namespace pushbench::wire {
namespace {

TEST(Tally, TotalIsTheSumOfTheParts) {
  EXPECT_EQ(ByteTally{}.total(), 0U);
  EXPECT_EQ((ByteTally{100, 20, 3}).total(), 123U);
}

TEST(Tally, AddsEachPartByItself) {
  ByteTally sum{1, 2, 3};
  sum += {10, 20, 30};
  sum += sum;
  EXPECT_EQ(sum, (ByteTally{22, 44, 66}));
  EXPECT_EQ(sum.total(), 132U);
}

TEST(Tally, EqualOnlyWhenEveryPartIs) {
  const ByteTally one{1, 2, 3};
  EXPECT_EQ(one, (ByteTally{1, 2, 3}));
  EXPECT_NE(one, (ByteTally{0, 2, 3}));
  EXPECT_NE(one, (ByteTally{1, 0, 3}));
  EXPECT_NE(one, (ByteTally{1, 2, 0}));
  EXPECT_NE((ByteTally{3, 2, 1}), one) << "the same total split another way is another tally";
}

TEST(Tally, DirectionsAreApart) {
  Traffic traffic;
  traffic.up += {1, 0, 0};
  EXPECT_EQ(traffic.up.total(), 1U);
  EXPECT_EQ(traffic.down.total(), 0U);
}

}  // namespace
}  // namespace pushbench::wire
