#include "harness/gate/comparison.h"

#include <gtest/gtest.h>

namespace pushbench::gate {
namespace {

Row row(Tier tier, const std::string& metric, Found found) {
  Row out;
  out.tier = tier;
  out.cell = "websocket";
  out.metric = metric;
  out.shown = result::find_metric(metric);
  out.found = found;
  return out;
}

TEST(Comparison, TheExitCodeIsThatOfTheWorstFinding) {
  Comparison comparison;
  EXPECT_EQ(comparison.code(), ExitCode::kOk);
  comparison.rows.push_back(row(Tier::kTiming, "latency_p50_ns", Found::kUndecided));
  EXPECT_EQ(comparison.code(), ExitCode::kOk);  // a regression was ruled out
  comparison.rows[0].open = true;
  EXPECT_EQ(comparison.code(), ExitCode::kInconclusive);
  comparison.rows.push_back(row(Tier::kTiming, "latency_p99_ns", Found::kWorse));
  EXPECT_EQ(comparison.code(), ExitCode::kRegression);
  comparison.rows[1].gates = false;
  EXPECT_EQ(comparison.code(), ExitCode::kInconclusive);
  comparison.rows[1].gates = true;
  comparison.rows[1].accepted = "known";
  comparison.rows[0].accepted = "known";
  EXPECT_EQ(comparison.code(), ExitCode::kOk);
}

TEST(Comparison, WordsFitWhatIsMeasured) {
  EXPECT_EQ(found_name(row(Tier::kTiming, "latency_p50_ns", Found::kWorse)), "slower");
  EXPECT_EQ(found_name(row(Tier::kTiming, "received_per_s", Found::kBetter)), "faster");
  EXPECT_EQ(found_name(row(Tier::kTiming, "bytes_per_delivery", Found::kWorse)), "more");
  EXPECT_EQ(found_name(row(Tier::kTiming, "bytes_per_delivery", Found::kBetter)), "less");
  EXPECT_EQ(found_name(row(Tier::kAudit, "audit.lost", Found::kWorse)), "more");
  EXPECT_EQ(found_name(row(Tier::kExact, "exact.requests", Found::kWorse)), "changed");
  EXPECT_EQ(found_name(row(Tier::kTiming, "latency_p50_ns", Found::kUndecided)), "inconclusive");
}

TEST(Comparison, ARegressionIsLikelyWhenItsEstimateIsBeyondTheLeastEffect) {
  Comparison comparison;
  EXPECT_EQ(likely_regressions(comparison), "");
  Row open = row(Tier::kTiming, "latency_p50_ns", Found::kUndecided);
  open.open = true;
  open.least_effect = 0.05;
  open.ratio = 1.04;
  comparison.rows.push_back(open);
  EXPECT_EQ(likely_regressions(comparison), "") << "within what is nothing";
  comparison.rows[0].ratio = 1.06;
  EXPECT_EQ(likely_regressions(comparison), "latency_p50_ns of websocket");
  open.metric = "received_per_s";
  open.shown = result::find_metric("received_per_s");
  open.ratio = 1.2;
  comparison.rows = {open};
  EXPECT_EQ(likely_regressions(comparison), "") << "more of it is better";
  comparison.rows[0].ratio = 0.8;
  EXPECT_EQ(likely_regressions(comparison), "received_per_s of websocket");
  comparison.rows[0].gates = false;
  EXPECT_EQ(likely_regressions(comparison), "");
  comparison.rows[0].gates = true;
  comparison.rows.push_back(row(Tier::kExact, "exact.requests", Found::kWorse));
  EXPECT_EQ(likely_regressions(comparison), "") << "the answer is known";
}

TEST(Comparison, TheAnswerNamesWhatItIsAbout) {
  Comparison comparison;
  EXPECT_EQ(answer_of(comparison), "No regression.");
  comparison.rows = {row(Tier::kExact, "exact.requests", Found::kWorse),
                     row(Tier::kTiming, "latency_p50_ns", Found::kBetter),
                     row(Tier::kTiming, "latency_p99_ns", Found::kUndecided)};
  comparison.rows[2].open = true;
  EXPECT_EQ(answer_of(comparison),
            "1 regression: exact.requests of websocket. Inconclusive: latency_p99_ns of websocket. "
            "Better: latency_p50_ns of websocket.");
  for (int i = 0; i < 5; ++i) {
    comparison.rows.push_back(row(Tier::kAudit, "audit.lost", Found::kWorse));
  }
  EXPECT_NE(answer_of(comparison).find("and 2 more"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::gate
