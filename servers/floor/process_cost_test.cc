#include "servers/floor/process_cost.h"

#include <gtest/gtest.h>

#include <unistd.h>

namespace pushbench::servers::floor {
namespace {

TEST(ProcessCost, GrowsWithWork) {
  const auto before = process_cpu(::getpid());
  const Nanos own = own_cpu();
  ASSERT_TRUE(before);
  // The scheduler's account moves at its ticks and switches, so some of them must pass.
  while (own_cpu() - own < std::chrono::milliseconds(50)) {
  }
  const auto after = process_cpu(::getpid());
  ASSERT_TRUE(after);
  EXPECT_GT(*after, *before);
  EXPECT_GT(resident_bytes(::getpid()).value_or(0), 100'000U);
}

TEST(ProcessCost, SaysWhenThereIsNoSuchProcess) {
  constexpr int kNobody = 0x7fffffff;
  EXPECT_FALSE(process_cpu(kNobody));
  EXPECT_FALSE(resident_bytes(kNobody));
}

}  // namespace
}  // namespace pushbench::servers::floor
