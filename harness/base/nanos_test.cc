#include "harness/base/nanos.h"

#include <gtest/gtest.h>

namespace pushbench {
namespace {

TEST(Nanos, AreSecondsAndParts) {
  EXPECT_EQ(seconds_of(Nanos(1'500'000'000)), 1.5);
  EXPECT_EQ(seconds_of(std::chrono::milliseconds(-250)), -0.25);
  EXPECT_EQ(seconds_of(Nanos(0)), 0);
}

}  // namespace
}  // namespace pushbench
