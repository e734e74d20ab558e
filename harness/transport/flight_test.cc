#include "harness/transport/flight.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <deque>

namespace pushbench::transport {
namespace {

TimePoint at(int ms) {
  return TimePoint(std::chrono::milliseconds(ms));
}

TEST(Flight, PiecesComeOutInOrderWithTheirInstants) {
  Flight flight;
  EXPECT_TRUE(flight.empty());
  flight.push("one", at(1));
  flight.push("three", at(3));
  EXPECT_EQ(flight.bytes(), 8U);
  EXPECT_EQ(flight.next(), at(1));
  EXPECT_EQ(flight.front(), "one");
  flight.pop(3);
  EXPECT_EQ(flight.next(), at(3));
  flight.pop(2);
  EXPECT_EQ(flight.front(), "ree");
  EXPECT_EQ(flight.next(), at(3));
  flight.pop(3);
  EXPECT_TRUE(flight.empty());
  EXPECT_EQ(flight.room(), Flight::kMaxBytes);
}

TEST(Flight, IsBoundedInBytesAndPieces) {
  Flight flight;
  flight.push(std::string(Flight::kMaxBytes, 'x'), at(1));
  EXPECT_EQ(flight.room(), 0U);
  flight.pop(10);
  EXPECT_EQ(flight.room(), 10U);
  flight.clear();
  for (std::size_t i = 0; i < Flight::kMaxPieces; ++i) {
    ASSERT_GT(flight.room(), 0U);
    flight.push("x", at(1));
  }
  EXPECT_EQ(flight.room(), 0U);
  flight.pop(1);
  EXPECT_EQ(flight.room(), Flight::kMaxBytes - Flight::kMaxPieces + 1);
}

TEST(Flight, MatchesASimpleQueue) {
  Flight flight;
  std::deque<std::pair<std::string, TimePoint>> expected;
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    if (random.below(2) == 0 || expected.empty()) {
      const std::string bytes(1 + random.below(300), static_cast<char>('a' + i % 26));
      if (bytes.size() > flight.room()) {
        continue;
      }
      flight.push(bytes, at(i));
      expected.emplace_back(bytes, at(i));
      continue;
    }
    ASSERT_EQ(flight.front(), expected.front().first);
    ASSERT_EQ(flight.next(), expected.front().second);
    const auto size = 1 + random.below(expected.front().first.size());
    flight.pop(size);
    expected.front().first.erase(0, size);
    if (expected.front().first.empty()) {
      expected.pop_front();
    }
    ASSERT_EQ(flight.empty(), expected.empty());
  }
}

// A steady flow of a few pieces: the storage that it needs at first is the storage that it keeps.
TEST(Flight, ASteadyFlowStaysWhereItIs) {
  Flight flight;
  const std::string event(100, 'e');
  const auto turn = [&flight, &event] {
    flight.push(event, at(1));
    if (flight.bytes() > 500) {
      flight.pop(event.size());
    }
  };
  const char* lowest = nullptr;
  const char* highest = nullptr;
  for (int i = 0; i < 10'000; ++i) {
    turn();
    const char* where = flight.front().data();
    if (i == 1'000) {
      lowest = highest = where;
    }
    if (i > 1'000) {
      lowest = std::min(lowest, where);
      highest = std::max(highest, where);
    }
  }
  EXPECT_LT(highest - lowest, 4'096);
}

}  // namespace
}  // namespace pushbench::transport
