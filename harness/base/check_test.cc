#include "harness/base/check.h"

#include <gtest/gtest.h>

namespace pushbench {
namespace {

TEST(Check, PassesWhatHolds) {
  PUSHBENCH_CHECK(1 + 1 == 2);
}

TEST(CheckDeathTest, NamesTheExpressionAndItsPlace) {
  EXPECT_DEATH(PUSHBENCH_CHECK(1 + 1 == 3), "check_test.cc:[0-9]+: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace pushbench
