#include "reports/summary.h"

#include "harness/result/example_result.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::reports {
namespace {

using result::RunResult;
using testing::HasSubstr;
using testing::Not;

std::string summary_of(const RunResult& run) {
  return render_summary(std::span(&run, 1));
}

TEST(Summary, TheVerdictFirstThenOneTableThenTheRestFolded) {
  const auto text = summary_of(result::doubtful_result());
  EXPECT_TRUE(text.starts_with("## chat\n\n**INVALID: ")) << text.substr(0, 60);
  const auto table = text.find("| cell | p50 | p99 |");
  const auto thresholds = text.find("Thresholds: 2 held, 1 crossed, 3 not judged");
  const auto fold = text.find("<details>");
  ASSERT_NE(fold, std::string::npos);
  EXPECT_LT(table, thresholds);
  EXPECT_LT(thresholds, fold);
  EXPECT_THAT(text, HasSubstr("| lost == 0 | long-polling/hold=25s\\#2 | 12 | == 0 | crossed |"));
}

TEST(Summary, StaysBelowItsBound) {
  const std::vector<RunResult> many(60, result::example_result());
  const auto text = render_summary(many);
  EXPECT_LE(text.size(), kSummaryBytes);
  EXPECT_THAT(text, HasSubstr("are left out, as a summary has at most"));
  const std::vector<RunResult> more(400, result::example_result());
  const auto cut = render_summary(more);
  EXPECT_LE(cut.size(), kSummaryBytes);
  EXPECT_TRUE(cut.ends_with("_Cut here: a summary has at most 200 kB._\n"));
}

TEST(Summary, TextFromAFileIsText) {
  const auto text = summary_of(hostile_result());
  EXPECT_THAT(text, Not(HasSubstr("<script>")));
  EXPECT_THAT(text, Not(HasSubstr("<!--")));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace pushbench::reports
