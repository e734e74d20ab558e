#include "harness/result/example_result.h"
#include "reports/export.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;

std::string metrics_of(const result::RunResult& run) {
  return export_openmetrics(std::span(&run, 1), {}).at(0).text;
}

// Every line after the grammar of OpenMetrics, every sample once and behind its own family.
void expect_grammar(const std::string& text) {
  const std::regex head("# (TYPE|UNIT|HELP) (pushbench_[a-z0-9_]+) [^\\n]+");
  const std::regex sample(
      "(pushbench_[a-z0-9_]+)\\{([a-z]+=\"([^\"\\\\]|\\\\[\"\\\\n])*\"(,|(?=\\})))+\\} [-+.e0-9]+");
  std::istringstream lines(text);
  std::set<std::string> samples;
  std::string family;
  std::string line;
  while (std::getline(lines, line) && line != "# EOF") {
    std::smatch match;
    if (std::regex_match(line, match, head)) {
      family = match[2];
      continue;
    }
    ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
    EXPECT_EQ(match[1], family) << line;
    EXPECT_TRUE(samples.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
  EXPECT_EQ(line, "# EOF");
  EXPECT_FALSE(std::getline(lines, line)) << "text behind the end";
}

TEST(OpenMetrics, FiguresAreInBaseUnits) {
  const auto text = metrics_of(result::example_result());
  EXPECT_THAT(text, HasSubstr("# UNIT pushbench_latency_p99_seconds seconds\n"));
  EXPECT_THAT(text, HasSubstr("pushbench_bytes_per_delivery{"));
  EXPECT_THAT(text, testing::Not(HasSubstr("_ns")));
  const auto at = text.find(
      "pushbench_server_cpu_seconds_per_delivery{scenario=\"chat\",cell="
      "\"websocket\"} ");
  ASSERT_NE(at, std::string::npos) << text;
  EXPECT_DOUBLE_EQ(std::stod(text.substr(text.find("} ", at) + 2)), 5.87e-6);
}

TEST(OpenMetrics, TheVerdictAndTheThresholdsAreMetrics) {
  const auto text = metrics_of(result::doubtful_result());
  EXPECT_THAT(text, HasSubstr("pushbench_verdict{scenario=\"chat\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("pushbench_threshold_crossed{scenario=\"chat\",cell="
                              "\"long-polling/hold=25s#2\",threshold=\"lost == 0\"} 1\n"));
}

TEST(OpenMetrics, EveryLineIsOfTheGrammar) {
  expect_grammar(metrics_of(result::example_result()));
  expect_grammar(metrics_of(result::minimal_result()));
  expect_grammar(metrics_of(hostile_result()));
  EXPECT_EQ(export_openmetrics({}, {}).at(0).text, "# EOF\n");
}

// Two runs of one workload are takes of one figure, not two samples of one name.
TEST(OpenMetrics, RunsAreJoined) {
  const std::vector<result::RunResult> runs(2, result::example_result());
  expect_grammar(export_openmetrics(runs, {}).at(0).text);
}

}  // namespace
}  // namespace pushbench::reports
