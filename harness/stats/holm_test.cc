#include "harness/stats/holm.h"

#include "harness/stats/golden_cases.h"

#include <gtest/gtest.h>

namespace pushbench::stats {
namespace {

TEST(Holm, AgreesWithTheDefinitionByHand) {
  for (const auto& one : golden_cases("holm")) {
    const auto adjusted = holm(golden_numbers(one.at("p")));
    const auto wanted = golden_numbers(one.at("adjusted"));
    ASSERT_EQ(adjusted.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_NEAR(adjusted[i], wanted[i], 1e-15) << one << " " << i;
    }
  }
}

TEST(Holm, OfNothingIsNothing) {
  EXPECT_TRUE(holm({}).empty());
}

}  // namespace
}  // namespace pushbench::stats
