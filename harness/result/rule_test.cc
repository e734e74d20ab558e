#include "harness/result/rule.h"

#include <gtest/gtest.h>

namespace pushbench::result {
namespace {

TEST(Rule, SharesOfNothing) {
  EXPECT_EQ(share(0, 0), 0);
  EXPECT_EQ(share(3, 0), 1);
  EXPECT_EQ(share(1, 4), 0.25);
}

TEST(Rule, FaultsAreAddedAndNamed) {
  FaultCounts a{};
  FaultCounts b{};
  EXPECT_EQ(list_of_faults(a), "");
  a[static_cast<std::size_t>(Fault::kReset)] = 1'000;
  b[static_cast<std::size_t>(Fault::kReset)] = 234;
  b[static_cast<std::size_t>(Fault::kOther)] = 1;
  EXPECT_EQ(list_of_faults(a + b), ": reset 1,234, other 1");
}

TEST(Rule, PercentInThreeDigits) {
  EXPECT_EQ(percent(0.0025), "0.25 %");
  EXPECT_EQ(percent(1), "100 %");
}

}  // namespace
}  // namespace pushbench::result
