#include "harness/swarm/thread_cost.h"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <thread>

namespace pushbench::swarm {
namespace {

TEST(ThreadCost, ReadsTheKernelsLine) {
  const auto cost = parse_schedstat("1200345 5000 17\n");
  ASSERT_TRUE(cost);
  EXPECT_EQ(cost->cpu_ns, 1200345U);
  EXPECT_EQ(cost->wait_ns, 5000U);
  EXPECT_FALSE(parse_schedstat(""));
  EXPECT_FALSE(parse_schedstat("many"));
}

TEST(ThreadCost, ThreadsOnOneProcessorWaitForEachOtherToo) {
  EXPECT_EQ(waited_for_strangers({.cpu_ns = 100, .wait_ns = 70}, 2, 2), 70U);
  EXPECT_EQ(waited_for_strangers({.cpu_ns = 100, .wait_ns = 70}, 1, 0), 70U);
  EXPECT_EQ(waited_for_strangers({.cpu_ns = 100, .wait_ns = 570}, 6, 1), 70U);
  EXPECT_EQ(waited_for_strangers({.cpu_ns = 100, .wait_ns = 499}, 6, 1), 0U);
  EXPECT_EQ(waited_for_strangers({.cpu_ns = 100, .wait_ns = 250}, 6, 2), 50U);
}

TEST(ThreadCost, GrowsWithWork) {
  const ThreadCost before = this_thread_cost();
  std::uint64_t sum = 0;
  while (this_thread_cost().cpu_ns < before.cpu_ns + 20'000'000) {
    for (std::uint64_t i = 0; i < 100'000; ++i) {
      sum += i * i;
    }
  }
  EXPECT_NE(sum, 0U);
  EXPECT_GE((this_thread_cost() - before).cpu_ns, 20'000'000U);
}

TEST(ThreadCost, AskingForShortWaitsKeepsTheNiceLevel) {
  int nice = -100;
  std::thread([&] {
    const int before = getpriority(PRIO_PROCESS, 0);
    prefer_short_waits();
    nice = getpriority(PRIO_PROCESS, 0) - before;
  }).join();
  EXPECT_EQ(nice, 0);
}

TEST(ThreadCost, PinsToOneProcessor) {
  const auto all = allowed_cpus();
  ASSERT_FALSE(all.empty());
  std::vector<int> seen;
  std::thread([&] {
    name_this_thread("a-name-longer-than-the-kernel-keeps");
    pin_this_thread({all.back()});
    seen = allowed_cpus();
  }).join();
  EXPECT_EQ(seen, std::vector<int>{all.back()});
  EXPECT_EQ(allowed_cpus(), all);
}

}  // namespace
}  // namespace pushbench::swarm
