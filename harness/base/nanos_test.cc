#include "harness/base/nanos.h"

#include <gtest/gtest.h>

namespace pushbench {
namespace {

TEST(Nanos, AreSecondsAndParts) {
  EXPECT_EQ(seconds_of(Nanos(1'500'000'000)), 1.5);
  EXPECT_EQ(seconds_of(std::chrono::milliseconds(-250)), -0.25);
  EXPECT_EQ(seconds_of(Nanos(0)), 0);
  EXPECT_EQ(nanos_of(1.5), Nanos(1'500'000'000));
  EXPECT_EQ(nanos_of(-0.25), std::chrono::milliseconds(-250));
  EXPECT_EQ(nanos_of(1.4e-9), Nanos(1));
  EXPECT_EQ(nanos_of(1.6e-9), Nanos(2));
}

}  // namespace
}  // namespace pushbench
