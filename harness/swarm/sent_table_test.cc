#include "harness/swarm/sent_table.h"

#include <gtest/gtest.h>

#include <thread>

namespace pushbench::swarm {
namespace {

TEST(SentTable, FindsWhatWasNoted) {
  SentTable table(16);
  table.put(3, Nanos(105));
  EXPECT_EQ(table.find(3, Nanos(100), Nanos(200)), Nanos(105));
  EXPECT_EQ(table.find(3, Nanos(105), Nanos(105)), Nanos(105));
  EXPECT_FALSE(table.find(4, Nanos(0), Nanos(200)));
}

TEST(SentTable, AnInstantThatCannotBeIsNotBelieved) {
  SentTable table(16);
  table.put(3, Nanos(105));
  EXPECT_FALSE(table.find(3, Nanos(106), Nanos(200))) << "sent before it was due";
  EXPECT_FALSE(table.find(3, Nanos(100), Nanos(104))) << "received before it was sent";
  table.put(4, Nanos(-1));
  EXPECT_FALSE(table.find(4, Nanos(-10), Nanos(10)));
}

// The slot is an older event's, or already a newer one's: also when its instant would fit.
TEST(SentTable, ASlotOfAnotherRoundIsNotBelieved) {
  SentTable table(16);
  table.put(3, Nanos(105));
  EXPECT_FALSE(table.find(3 + 16, Nanos(100), Nanos(200)));
  table.put(3 + 16, Nanos(150));
  EXPECT_FALSE(table.find(3, Nanos(100), Nanos(200)));
  EXPECT_EQ(table.find(3 + 16, Nanos(100), Nanos(200)), Nanos(150));
}

TEST(SentTable, ReadersSeeWholeWords) {
  SentTable table(8);
  std::thread writer([&table] {
    for (std::uint64_t i = 0; i < 200'000; ++i) {
      table.put(i, Nanos(static_cast<std::int64_t>(i) * 10));
    }
  });
  std::uint64_t believed = 0;
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const Nanos sent(static_cast<std::int64_t>(i) * 10);
    if (const auto found = table.find(i, Nanos(0), Nanos::max())) {
      EXPECT_EQ(*found, sent);
      ++believed;
    }
  }
  writer.join();
  EXPECT_LE(believed, 200'000U);
  EXPECT_EQ(table.find(199'999, Nanos(0), Nanos::max()), Nanos(1'999'990));
}

}  // namespace
}  // namespace pushbench::swarm
