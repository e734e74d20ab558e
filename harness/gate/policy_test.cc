#include "harness/gate/policy.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pushbench::gate {
namespace {

TEST(Policy, WhatIsBuiltInIsWhatMostWillWant) {
  const auto policy = default_policy();
  ASSERT_EQ(policy.metrics.size(), 7U);
  for (const auto& gated : policy.metrics) {
    ASSERT_NE(gated.metric, nullptr);
    EXPECT_NE(gated.metric->better, result::Better::kNeither);
    EXPECT_TRUE(gated.gates);
    EXPECT_GT(gated.least_effect, 0);
  }
  EXPECT_EQ(policy.metrics[0].metric->name, "latency_p50_ns");
  EXPECT_EQ(policy.metrics[0].least_effect, 0.05);
}

TEST(Policy, WhatIsShownOnlyDoesNotGateAndComesOnce) {
  auto policy = default_policy();
  add_shown(policy);
  const auto all = policy.metrics.size();
  EXPECT_GT(all, 20U);
  EXPECT_FALSE(policy.metrics.back().gates);
  add_shown(policy);
  EXPECT_EQ(policy.metrics.size(), all);
}

TEST(Policy, AnAcceptedTierCoversItsCountsAndNothingElse) {
  const Accepted entry{.metric = "exact", .cell = "polling", .reason = "", .until = ""};
  EXPECT_TRUE(covers(entry, "exact", "polling/interval=1s"));
  EXPECT_TRUE(covers(entry, "exact.requests", "polling/interval=1s"));
  EXPECT_FALSE(covers(entry, "exactly", "polling/interval=1s"));
  EXPECT_FALSE(covers(entry, "exact.requests", "websocket"));
  EXPECT_TRUE(covers({.metric = "exact", .cell = "", .reason = "", .until = ""}, "exact", "any"));
}

}  // namespace
}  // namespace pushbench::gate
