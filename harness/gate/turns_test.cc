#include "harness/gate/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::gate {
namespace {

using testing::ElementsAre;

// "b" and "h" in the order in which they ran; the value is the place.
struct Order {
  explicit Order(const std::string& sides) {
    for (std::size_t i = 0; i < sides.size(); ++i) {
      instants.push_back("2026-11-26T10:00:" + std::to_string(10 + i) + "Z");
    }
    for (std::size_t i = 0; i < sides.size(); ++i) {
      (sides[i] == 'b' ? base : head).push_back({instants[i], static_cast<double>(i)});
    }
  }
  std::vector<std::string> instants;
  std::vector<TimedValue> base, head;
};

TEST(BlocksInTurn, NeighboursInTimeAreABlock) {
  const Order order("bhhbbhhbbhhbbhhb");
  const auto blocks = blocks_in_turn(order.base, order.head);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_THAT(blocks[0].a, ElementsAre(1, 2, 5, 6));
  EXPECT_THAT(blocks[0].b, ElementsAre(0, 3, 4, 7));
  EXPECT_THAT(blocks[1].a, ElementsAre(9, 10, 13, 14));
}

TEST(BlocksInTurn, WhatIsLeftOverBelongsToTheLastBlock) {
  const Order order("bhhbbhhbbhhb");
  const auto blocks = blocks_in_turn(order.base, order.head);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_THAT(blocks[0].a, ElementsAre(1, 2, 5, 6, 9, 10));
}

TEST(BlocksInTurn, SidesThatWereMeasuredOneAfterTheOtherAreOneBlock) {
  const Order order("bbbbbbbbbbhhhhhhhhhh");
  const auto blocks = blocks_in_turn(order.base, order.head);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].a.size(), 10U);
  EXPECT_EQ(blocks[0].b.size(), 10U);
}

TEST(BlocksInTurn, RunsWithoutATimeAreOneBlock) {
  const std::vector<TimedValue> ten(10, {"", 1});
  EXPECT_EQ(blocks_in_turn(ten, ten).size(), 1U);
}

}  // namespace
}  // namespace pushbench::gate
