#include "harness/plan/threshold.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::plan {
namespace {

TEST(Threshold, LimitsComeToBaseUnits) {
  struct Case {
    std::string_view text, metric;
    Threshold::Op op;
    double limit;
  };
  using Op = Threshold::Op;
  const std::array<Case, 10> cases{{
      {"latency.p99 < 20ms", "latency.p99", Op::kLess, 20e6},
      {"latency.p50<=1.5s", "latency.p50", Op::kLessEqual, 1.5e9},
      {"lost == 0", "lost", Op::kEqual, 0},
      {"  delivered  >=  10k  ", "delivered", Op::kGreaterEqual, 10'000},
      {"delivered > 1_000", "delivered", Op::kGreater, 1'000},
      {"head_bytes < 4kB", "head_bytes", Op::kLess, 4'000},
      {"requests_per_delivery < 1.25", "requests_per_delivery", Op::kLess, 1.25},
      {"late < 1%", "late", Op::kLess, 0.01},
      {"rate >= 100/s", "rate", Op::kGreaterEqual, 100},
      {"server-memory < 1MiB", "server-memory", Op::kLess, 1'048'576},
  }};
  for (const auto& row : cases) {
    const auto parsed = parse_threshold(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->metric, row.metric);
    EXPECT_EQ(parsed->op, row.op) << row.text;
    EXPECT_NE(row.text.find(op_text(parsed->op)), std::string_view::npos) << row.text;
    EXPECT_DOUBLE_EQ(parsed->limit, row.limit) << row.text;
  }
  EXPECT_EQ(parse_threshold(" lost == 0 ")->text, "lost == 0");
}

TEST(Threshold, ALimitCanBeAPartOfWhatTheScenarioAsksFor) {
  struct Case {
    std::string_view text;
    double part;
  };
  for (const auto& [text, part] : std::to_array<Case>({{"rate >= 0.99*target", 0.99},
                                                       {"rate >= 99% * target", 0.99},
                                                       {"published == target", 1},
                                                       {"rate < 2*target", 2}})) {
    const auto parsed = parse_threshold(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->kind, Threshold::Kind::kTarget) << text;
    EXPECT_DOUBLE_EQ(parsed->limit, part) << text;
  }
  for (const std::string_view text : {"rate >= 0.99target", "rate >= *target", "rate >= x*target",
                                      "rate >= target*0.99", "rate >= -1*target"}) {
    EXPECT_FALSE(parse_threshold(text)) << text;
  }
}

TEST(Threshold, SaysWhatIsMissing) {
  const std::string shape =
      "expected a metric, one of < <= == >= > and a limit, such as latency.p99 < 20ms, got ";
  for (const std::string_view text :
       {"", "latency.p99", "< 20ms", "latency p99 < 1s", "lost = 0", "9lost < 1", "lost != 0"}) {
    const auto parsed = parse_threshold(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().text, shape + "'" + std::string(text) + "'");
  }
  EXPECT_EQ(parse_threshold("lost == none").error().text,
            "expected a limit such as 20ms, 4kB, 1%, 0 or 0.99*target after '==', got 'none'");
  EXPECT_EQ(parse_threshold("lost <").error().text,
            "expected a limit such as 20ms, 4kB, 1%, 0 or 0.99*target after '<', got ''");
  EXPECT_FALSE(parse_threshold("lost === 0"));
  EXPECT_FALSE(parse_threshold("lost < -1"));
}

}  // namespace
}  // namespace pushbench::plan
