#include "harness/swarm/host_cost.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

TEST(HostCost, ReadsTheLineOfAllProcessors) {
  const auto ticks = parse_processor_ticks("cpu  100 20 30 800 5 0 15 30 7 0");
  ASSERT_TRUE(ticks);
  EXPECT_EQ(ticks->all, 1000U);  // a guest's time is in its user time already
  EXPECT_EQ(ticks->stolen, 30U);
  EXPECT_FALSE(parse_processor_ticks("cpu  100 20 30 800 5 0 15"));
  EXPECT_FALSE(parse_processor_ticks("cpu0 100 20 30 800 5 0 15 30"));
  EXPECT_FALSE(parse_processor_ticks(""));
}

TEST(HostCost, StealIsAShareOfAllTime) {
  const ProcessorTicks start{.all = 1000, .stolen = 30};
  EXPECT_EQ(stolen_between(start, ProcessorTicks{.all = 1400, .stolen = 40}), 0.025);
  EXPECT_EQ(stolen_between(start, ProcessorTicks{.all = 1400, .stolen = 30}), 0.0);
  EXPECT_FALSE(stolen_between(start, start));
  EXPECT_FALSE(stolen_between(std::nullopt, start));
  EXPECT_TRUE(processor_ticks());
}

TEST(HostCost, KernelMemoryIsTheSumOfItsParts) {
  EXPECT_EQ(parse_kernel_memory("MemTotal: 5000 kB\nSlab:  100 kB\nSReclaimable: 60 kB\n"
                                "KernelStack: 7 kB\nPageTables: 5 kB\nPercpu: 2 kB\n"),
            114U * 1024U);
  EXPECT_FALSE(parse_kernel_memory("MemTotal: 5000 kB\n"));
  const auto now = kernel_memory();
  ASSERT_TRUE(now);
  EXPECT_GT(now->bytes, 1'000'000U);
}

TEST(HostCost, TimeWaitsAreThoseOfTcp) {
  EXPECT_EQ(parse_time_waits("sockets: used 9\nTCP: inuse 1 orphan 0 tw 8961 alloc 1 mem 221\n"
                             "UDP: inuse 0 mem 0\n"),
            8961U);
  EXPECT_FALSE(parse_time_waits("UDP: inuse 0 mem 0\n"));
  EXPECT_FALSE(parse_time_waits("FRAG: tw 7\n"));
}

TEST(HostCost, AGrowthIsToldOnlyWhereTheEndsOfTimeWaitAreASmallPartOfIt) {
  const KernelMemory before{.bytes = 100'000'000, .time_waits = 5000};
  EXPECT_EQ(clear_growth(before, {130'000'000, 5000}), 30'000'000U);
  EXPECT_EQ(clear_growth(before, {130'000'000, 4000}), 30'000'000U);  // 0.6 MB of 30
  EXPECT_FALSE(clear_growth(before, {130'000'000, 3990}));
  EXPECT_FALSE(clear_growth(before, {130'000'000, 6010}));
  EXPECT_FALSE(clear_growth(before, {99'999'999, 5000})) << "the host gave memory back";
  EXPECT_FALSE(clear_growth(before, before));
}

}  // namespace
}  // namespace pushbench::swarm
