#include "harness/swarm/process.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <vector>

namespace pushbench::swarm {
namespace {

TEST(Process, ReadsResidentPages) {
  EXPECT_EQ(parse_statm("5000 1200 300 10 0 900 0\n", 4096), 1200U * 4096U);
  EXPECT_FALSE(parse_statm("", 4096));
  EXPECT_FALSE(parse_statm("x y", 4096));
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
