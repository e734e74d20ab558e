#include "reports/comparison.h"

#include "reports/layout.h"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace pushbench::reports {
namespace {

using gate::Comparison;
using gate::Found;
using gate::Row;
using gate::Tier;
using testing::HasSubstr;
using testing::Not;

Row timing(std::string_view metric, double base, double head) {
  Row row;
  row.cell = "websocket";
  row.metric = metric;
  row.shown = result::find_metric(metric);
  row.base = base;
  row.head = head;
  row.base_runs = row.head_runs = 10;
  row.ratio = head / base;
  row.low = head / base * 0.97;
  row.high = head / base * 1.03;
  row.p = 0.0001;
  row.adjusted_p = 0.0006;
  row.least_effect = 0.05;
  return row;
}

Comparison some() {
  Comparison out{.base = {.name = "before", .runs = 10, .tool = "0.1.0 (abc)", .server = "own"},
                 .head = {.name = "after", .runs = 10, .tool = "0.1.0 (def)", .server = "own"},
                 .scenario = "chat",
                 .policy = "built in",
                 .noise = "",
                 .significance = 0.01,
                 .confidence = 0.95,
                 .rows = {},
                 .remarks = {"a cell is missing"}};
  Row exact;
  exact.tier = Tier::kExact;
  exact.cell = "websocket";
  exact.metric = "exact.head_down_bytes";
  exact.found = Found::kWorse;
  exact.base = 147;
  exact.head = 148;
  Row audit;
  audit.tier = Tier::kAudit;
  audit.cell = "websocket";
  audit.metric = "audit";
  audit.note = "nothing lost";
  auto slower = timing("latency_p50_ns", 500'000, 600'000);
  slower.found = Found::kWorse;
  auto open = timing("latency_p99_ns", 1'100'000, 1'200'000);
  open.found = Found::kUndecided;
  open.open = true;
  open.runs_needed = 23;
  out.rows = {exact, audit, slower, open, timing("bytes_per_delivery", 132, 132)};
  return out;
}

TEST(ComparisonText, FitsATerminalAndSaysTheAnswerFirst) {
  const auto text = comparison_text(some());
  EXPECT_TRUE(text.starts_with("2 regressions: exact.head_down_bytes of websocket,"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns(line), kComparisonWidth) << line;
  }
  EXPECT_THAT(text,
              HasSubstr("exact.head_down_bytes of websocket: changed, 147 in the base and 148"));
  EXPECT_THAT(text, HasSubstr("audit of websocket: same (nothing lost)"));
  EXPECT_THAT(text, HasSubstr("+20.0 %  +16.4 … +23.6 %        slower"));
  EXPECT_THAT(text, HasSubstr("p99: about 23 runs of each side would decide"));
  EXPECT_THAT(text, HasSubstr("note: a cell is missing"));
}

TEST(ComparisonMarkdown, IsATableThatForeignTextCannotLeave) {
  auto comparison = some();
  comparison.base.name = "before|<b>";
  comparison.rows[2].cell = comparison.rows[3].cell = comparison.rows[4].cell = "web|socket";
  const auto text = comparison_markdown(comparison);
  EXPECT_THAT(text, HasSubstr("| p50 | 500 µs | 600 µs | +20.0 % |"));
  EXPECT_THAT(text, HasSubstr("**slower**"));
  EXPECT_THAT(text, Not(HasSubstr("<b>")));
  EXPECT_THAT(text, Not(HasSubstr("web|socket")));
}

TEST(ComparisonJson, HoldsEveryRowAndTheExitCode) {
  const auto json = boost::json::parse(comparison_json(some())).as_object();
  EXPECT_EQ(json.at("schema").as_string(), "pushbench.comparison/1");
  EXPECT_EQ(json.at("exit_code").as_int64(), 4);
  EXPECT_EQ(json.at("regressions").as_int64(), 2);
  EXPECT_EQ(json.at("inconclusive").as_int64(), 1);
  const auto& rows = json.at("rows").as_array();
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].at("verdict").as_string(), "changed");
  EXPECT_FALSE(rows[0].as_object().contains("ratio"));
  EXPECT_EQ(rows[2].at("tier").as_string(), "timing");
  EXPECT_EQ(rows[2].at("verdict").as_string(), "slower");
  EXPECT_EQ(rows[2].at("regression").as_bool(), true);
  EXPECT_DOUBLE_EQ(rows[2].at("ratio").to_number<double>(), 1.2);
  EXPECT_EQ(rows[3].at("runs_needed").as_int64(), 23);
  EXPECT_EQ(rows[4].at("verdict").as_string(), "same");
}

TEST(ComparisonFormats, HaveNamesOfTheirOwn) {
  ASSERT_EQ(comparison_formats().size(), 3U);
  for (const auto& format : comparison_formats()) {
    EXPECT_FALSE(format.render(some()).empty()) << format.name;
  }
}

TEST(Comparison, AcceptedAndShownRowsSayThatTheyAre) {
  auto comparison = some();
  comparison.rows[2].accepted = "a larger buffer";
  comparison.rows[3].gates = false;
  const auto text = comparison_text(comparison);
  EXPECT_THAT(text, HasSubstr("slower (accepted)"));
  EXPECT_THAT(text, HasSubstr("p50: a larger buffer"));
  EXPECT_THAT(text, HasSubstr("p99 (shown)"));
}

}  // namespace
}  // namespace pushbench::reports
