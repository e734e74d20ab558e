#include "harness/gate/policy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::gate {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(std::string_view text) {
  const auto policy = parse_policy(text, "gate.yaml");
  EXPECT_FALSE(policy) << text;
  if (policy) {
    return "";
  }
  EXPECT_EQ(policy.error().code, ExitCode::kUsage);
  return policy.error().text;
}

TEST(PolicyFile, ReadsAllOfIt) {
  const auto policy = parse_policy(R"(
gate:
  - {metric: latency.p50, effect: 10%}
  - {metric: server-cpu-per-delivery, effect: 0.04}
accept:
  - {metric: exact.head_down_bytes, cell: websocket, reason: a new field, until: 2027-01-31}
  - {metric: latency.p99, reason: a larger buffer, until: 2028-02-29}
significance: 0.05
confidence: 99%
)",
                                   "gate.yaml");
  ASSERT_TRUE(policy) << policy.error().text;
  ASSERT_EQ(policy->metrics.size(), 2U);
  EXPECT_EQ(policy->metrics[0].metric->name, "latency_p50_ns");
  EXPECT_EQ(policy->metrics[0].least_effect, 0.1);
  EXPECT_EQ(policy->metrics[1].metric->name, "server_cpu_ns_per_delivery");
  ASSERT_EQ(policy->accepted.size(), 2U);
  EXPECT_EQ(policy->accepted[0].metric, "exact.head_down_bytes");
  EXPECT_EQ(policy->accepted[0].cell, "websocket");
  EXPECT_EQ(policy->accepted[1].metric, "latency_p99_ns");
  EXPECT_EQ(policy->accepted[1].until, "2028-02-29");
  EXPECT_EQ(policy->significance, 0.05);
  EXPECT_EQ(policy->confidence, 0.99);
  EXPECT_EQ(policy->origin, "gate.yaml");
}

TEST(PolicyFile, KeepsWhatIsBuiltInWhereNothingIsSaid) {
  const auto policy = parse_policy("significance: 0.02", "gate.yaml");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->metrics.size(), default_policy().metrics.size());
}

TEST(PolicyFile, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(refusal("gates: []"), "gate.yaml:1:1: unknown key 'gates', did you mean 'gate'?");
  EXPECT_EQ(refusal("gate:\n  - {metric: latency_p59_ns, effect: 5%}"),
            "gate.yaml:2:14: gate[0].metric: 'latency_p59_ns' is no metric, did you mean "
            "'latency_p50_ns'?");
  EXPECT_THAT(refusal("gate:\n  - {metric: lost, efect: 5%}"),
              HasSubstr("2:20: gate[0]: unknown key 'efect', did you mean 'effect'?"));
  EXPECT_THAT(refusal("gate: [{metric: latency.p50}]"), HasSubstr("the key 'effect' is missing"));
  EXPECT_THAT(refusal("gate: [{metric: latency.p50, effect: much}]"),
              HasSubstr("expected a share such as 5% or 0.05, got 'much'"));
  EXPECT_THAT(refusal("gate: [{metric: published, effect: 5%}]"), HasSubstr("no better side"));
  EXPECT_THAT(
      refusal("gate: [{metric: latency.p50, effect: 1%}, {metric: latency.p50, effect: 2%}]"),
      HasSubstr("gated twice"));
  EXPECT_THAT(refusal("gate: latency.p50"), HasSubstr("expected a list"));
  EXPECT_THAT(refusal("gate: [latency.p50]"), HasSubstr("expected a map of metric, effect"));
  EXPECT_THAT(refusal("significance: 2"), HasSubstr("expected a share between 0 and 1"));
}

TEST(PolicyFile, AcceptsNothingWithoutAReasonAndADayThatExists) {
  EXPECT_THAT(refusal("accept: [{metric: exact, until: 2027-01-31}]"),
              HasSubstr("'reason' is missing"));
  EXPECT_THAT(refusal("accept: [{metric: exact, reason: x}]"), HasSubstr("'until' is missing"));
  EXPECT_THAT(refusal("accept: [{metric: exact, reason: x, until: soon}]"),
              HasSubstr("expected a day such as 2027-01-31, got 'soon'"));
  EXPECT_THAT(refusal("accept: [{metric: exact, reason: x, until: 2027-02-29}]"),
              HasSubstr("expected a day"));
  EXPECT_THAT(refusal("accept: [{metric: exakt, reason: x, until: 2027-01-31}]"),
              HasSubstr("is no metric"));
}

TEST(PolicyFile, NamesAFileThatCannotBeRead) {
  const auto policy = load_policy("no/such/policy.yaml");
  ASSERT_FALSE(policy);
  EXPECT_THAT(policy.error().text, HasSubstr("no/such/policy.yaml"));
}

}  // namespace
}  // namespace pushbench::gate
