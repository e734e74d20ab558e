#include "harness/transport/due_queue.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

namespace pushbench::transport {
namespace {

TimePoint at(std::uint64_t ms) {
  return TimePoint(std::chrono::milliseconds(ms));
}

TEST(DueQueue, EarliestFirst) {
  DueQueue queue;
  std::array<DueQueue::Due, 3> dues;
  queue.schedule(dues[0], at(5));
  queue.schedule(dues[1], at(3));
  queue.schedule(dues[2], at(4));
  EXPECT_EQ(queue.earliest(), at(3));
  EXPECT_EQ(&queue.pop(), &dues[1]);
  EXPECT_FALSE(dues[1].scheduled());
  EXPECT_EQ(&queue.pop(), &dues[2]);
  EXPECT_EQ(&queue.pop(), &dues[0]);
  EXPECT_TRUE(queue.empty());
}

TEST(DueQueue, MovesAndTakesOut) {
  DueQueue queue;
  std::array<DueQueue::Due, 3> dues;
  for (std::size_t i = 0; i < dues.size(); ++i) {
    queue.schedule(dues[i], at(i));
  }
  queue.schedule(dues[0], at(9));
  queue.cancel(dues[1]);
  queue.cancel(dues[1]);
  EXPECT_EQ(&queue.pop(), &dues[2]);
  EXPECT_EQ(queue.earliest(), at(9));
  queue.schedule(dues[0], at(1));
  EXPECT_EQ(queue.earliest(), at(1));
  EXPECT_EQ(&queue.pop(), &dues[0]);
}

TEST(DueQueue, MatchesAMap) {
  DueQueue queue;
  std::vector<DueQueue::Due> dues(500);
  std::map<DueQueue::Due*, TimePoint> expected;
  Random random(11);
  for (int i = 0; i < 50'000; ++i) {
    DueQueue::Due& due = dues[random.below(dues.size())];
    switch (random.below(4)) {
      case 0:
        queue.cancel(due);
        expected.erase(&due);
        break;
      case 1:
        if (!queue.empty()) {
          const TimePoint when = queue.earliest();
          for (const auto& [other, instant] : expected) {
            ASSERT_LE(when, instant);
          }
          DueQueue::Due& popped = queue.pop();
          ASSERT_EQ(expected.at(&popped), when);
          expected.erase(&popped);
        }
        break;
      default: {
        const TimePoint when = at(random.below(10'000));
        queue.schedule(due, when);
        expected[&due] = when;
      }
    }
    ASSERT_EQ(queue.empty(), expected.empty());
    ASSERT_EQ(due.scheduled(), expected.count(&due) == 1);
  }
}

}  // namespace
}  // namespace pushbench::transport
