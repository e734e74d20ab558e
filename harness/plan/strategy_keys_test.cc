#include "harness/plan/strategy_keys.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pushbench::plan {
namespace {

TEST(StrategyKeys, AreThePartOfTheTableThatNamesCells) {
  EXPECT_EQ(strategy_keys().front().path, "strategies");
  for (const auto& key : strategy_keys()) {
    EXPECT_TRUE(key.path.starts_with("strategies")) << key.path;
    EXPECT_NE(find_key(key.path), nullptr) << key.path;
  }
  const auto all = keys();
  const auto named = std::count_if(
      all.begin(), all.end(), [](const Key& key) { return key.path.starts_with("strategies"); });
  EXPECT_EQ(static_cast<std::size_t>(named), strategy_keys().size());
}

}  // namespace
}  // namespace pushbench::plan
