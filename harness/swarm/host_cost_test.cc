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
  EXPECT_GT(kernel_memory().value_or(0), 1'000'000U);
}

}  // namespace
}  // namespace pushbench::swarm
