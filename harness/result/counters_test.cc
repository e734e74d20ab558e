#include "harness/result/counters.h"

#include <gtest/gtest.h>

#include <set>

namespace pushbench::result {
namespace {

TEST(Counters, NamesAreUniqueKeys) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const auto name = counter_name(static_cast<Counter>(i));
    EXPECT_TRUE(seen.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos);
    EXPECT_FALSE(name.empty());
  }
}

// One name from the start, middle and end of each group: a name that slipped by one place shows.
TEST(Counters, NamesStandAtTheirCounters) {
  EXPECT_EQ(counter_name(Counter::kReceived), "received");
  EXPECT_EQ(counter_name(Counter::kHeadUp), "head_up_bytes");
  EXPECT_EQ(counter_name(Counter::kPayloadDown), "payload_down_bytes");
  EXPECT_EQ(counter_name(Counter::kUpstreamBytesDown), "upstream_down_bytes");
  EXPECT_EQ(counter_name(Counter::kChunks), "chunks");
  EXPECT_EQ(counter_name(Counter::kPublished), "published");
  EXPECT_EQ(counter_name(Counter::kLost), "lost");
  EXPECT_EQ(counter_name(Counter::kBeyondWindow), "beyond_window");
  EXPECT_EQ(counter_name(Counter::kGaps), "gaps");
  EXPECT_EQ(counter_name(Counter::kSocketsOpened), "sockets_opened");
  EXPECT_EQ(counter_name(Counter::kTimeWaitPeak), "time_wait_peak");
}

TEST(Counters, MergeAddsEveryCounter) {
  Counters a;
  Counters b;
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    a[static_cast<Counter>(i)] = i;
    b[static_cast<Counter>(i)] = 1000;
  }
  a.merge(b);
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    EXPECT_EQ(a[static_cast<Counter>(i)], 1000 + i);
  }
  EXPECT_FALSE(a == b);
}

}  // namespace
}  // namespace pushbench::result
