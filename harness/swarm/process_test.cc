#include "harness/swarm/process.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

namespace pushbench::swarm {
namespace {

TEST(Process, ReadsResidentPages) {
  EXPECT_EQ(parse_statm("5000 1200 300 10 0 900 0\n", 4096), 1200U * 4096U);
  EXPECT_FALSE(parse_statm("", 4096));
  EXPECT_FALSE(parse_statm("x y", 4096));
}

TEST(Process, ReadsTimesBehindAnyName) {
  const std::string line =
      "17 (a ) S) R 1 2 3 0 -1 4194304 101 0 0 0 250 50 3 4 20 0 1 0 174332 31";
  const auto times = parse_stat(line);
  ASSERT_TRUE(times);
  EXPECT_EQ(times->user_ticks, 250U);
  EXPECT_EQ(times->system_ticks, 50U);
  EXPECT_EQ(times->started_ticks, 174332U);
  EXPECT_FALSE(parse_stat("17 (x) Z 1 2 3 0 -1 4194304 101 0 0 0 250 50 3 4 20 0 1 0 174332 31"));
  EXPECT_FALSE(parse_stat("17 (x) R 1 2"));
  EXPECT_FALSE(parse_stat(""));
}

TEST(Process, ReadsSwitches) {
  const auto switches =
      parse_switches("Name:\tx\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t7\n");
  EXPECT_EQ(switches.voluntary, 150U);
  EXPECT_EQ(switches.involuntary, 7U);
  EXPECT_EQ(parse_switches("Name: x\n").voluntary, 0U);
}

// Each side of a ball game waits for the other 100 times.
TEST(Process, SeesThreadsWaitForEachOther) {
  std::array<int, 2> there{};
  std::array<int, 2> back{};
  ASSERT_EQ(pipe(there.data()) + pipe(back.data()), 0);
  const auto before = sample_process(getpid());
  std::optional<ProcessSample> after;
  char ball = 'o';
  std::thread other([&] {
    char got = 0;
    while (read(there[0], &got, 1) == 1 && write(back[1], &got, 1) == 1) {
    }
  });
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(write(there[1], &ball, 1), 1);
    ASSERT_EQ(read(back[0], &ball, 1), 1);
  }
  after = sample_process(getpid());
  close(there[1]);
  other.join();
  for (const int descriptor : {there[0], back[0], back[1]}) {
    close(descriptor);
  }
  ASSERT_TRUE(before && after);
  EXPECT_GE(after->voluntary_switches, before->voluntary_switches + 100);
  EXPECT_EQ(after->started_ticks, before->started_ticks);
}

TEST(Process, SeesItsOwnMemoryGrow) {
  const auto before = sample_process(getpid());
  ASSERT_TRUE(before);
  std::vector<char> block(32 * 1024 * 1024, 'x');
  const auto after = sample_process(getpid());
  ASSERT_TRUE(after);
  EXPECT_GE(after->resident_bytes, before->resident_bytes + block.size() * 9 / 10);
  EXPECT_GE(after->cpu_ns, before->cpu_ns);
}

TEST(Process, SaysWhenThereIsNone) {
  EXPECT_FALSE(sample_process(0x3fffffff));
}

}  // namespace
}  // namespace pushbench::swarm
