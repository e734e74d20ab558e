#include "servers/reference/wheel.h"

#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers {
namespace {

using std::chrono::milliseconds;

const TimePoint kStart{std::chrono::hours(1)};

struct Fired {
  std::vector<Deadline*> nodes;
  void operator()(Deadline& node) { nodes.push_back(&node); }
};

std::vector<Deadline*> advance(Wheel& wheel, milliseconds to) {
  Fired fired;
  wheel.advance(kStart + to, [&fired](Deadline& node) { fired(node); });
  return fired.nodes;
}

TEST(Wheel, FiresAtItsTickAndNotBefore) {
  Wheel wheel(kStart);
  Deadline node;
  wheel.arm(node, wheel.tick_after(kStart + milliseconds(250)));
  EXPECT_TRUE(advance(wheel, milliseconds(299)).empty());
  EXPECT_EQ(advance(wheel, milliseconds(300)).size(), 1U);
  EXPECT_TRUE(advance(wheel, milliseconds(5000)).empty());
}

TEST(Wheel, PuttingOffIsLazyAndBringingForwardIsNot) {
  Wheel wheel(kStart);
  Deadline node;
  wheel.arm(node, 5);
  wheel.arm(node, 9);
  EXPECT_EQ(node.slot, 5U);
  EXPECT_TRUE(advance(wheel, milliseconds(899)).empty());
  wheel.arm(node, 20);
  wheel.arm(node, 11);
  EXPECT_EQ(advance(wheel, milliseconds(1100)).size(), 1U);
}

TEST(Wheel, DeadlinesBeyondTheHorizonAndLongStalls) {
  Wheel wheel(kStart);
  Deadline far;
  Deadline near;
  wheel.arm(far, 5000);
  wheel.arm(near, 3);
  EXPECT_EQ(advance(wheel, milliseconds(300'000)), std::vector<Deadline*>{&near});
  EXPECT_TRUE(advance(wheel, milliseconds(499'999)).empty());
  EXPECT_EQ(advance(wheel, milliseconds(500'000)), std::vector<Deadline*>{&far});
}

TEST(Wheel, FiringMayDisarmAndRearmOthersOfTheSameSlot) {
  Wheel wheel(kStart);
  Deadline a;
  Deadline b;
  Deadline c;
  for (Deadline* node : {&a, &b, &c}) {
    wheel.arm(*node, 4);
  }
  std::vector<Deadline*> fired;
  wheel.advance(kStart + milliseconds(400), [&](Deadline& node) {
    fired.push_back(&node);
    if (&node == &a) {
      Wheel::disarm(b);
      wheel.arm(a, wheel.now() + 1);
    }
  });
  EXPECT_EQ(fired, (std::vector<Deadline*>{&a, &c}));
  EXPECT_EQ(advance(wheel, milliseconds(500)), std::vector<Deadline*>{&a});
}

TEST(Wheel, TicksRoundUp) {
  EXPECT_EQ(Wheel::ticks(milliseconds(0)), 0U);
  EXPECT_EQ(Wheel::ticks(milliseconds(1)), 1U);
  EXPECT_EQ(Wheel::ticks(milliseconds(100)), 1U);
  EXPECT_EQ(Wheel::ticks(milliseconds(101)), 2U);
}

}  // namespace
}  // namespace pushbench::servers
