#include "harness/result/example_result.h"
#include "reports/export.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string junit_of(const result::RunResult& run) {
  return export_junit(std::span(&run, 1), {}).at(0).text;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(JUnit, ACaseAThresholdAndCellAndOneForTheVerdict) {
  const auto run = result::example_result();
  const auto xml = junit_of(run);
  EXPECT_EQ(count_of(xml, "<testcase "), 1 + run.thresholds.size());
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"chat\" tests=\"13\" failures=\"2\" errors=\"0\""));
  EXPECT_THAT(xml, HasSubstr("timestamp=\"2026-11-21T01:43:00\""));
  EXPECT_THAT(xml, HasSubstr("latency.p99 &lt; 20ms in polling/interval=1s: measured 989 ms, "
                             "wanted &lt; 20.0 ms, crossed"));
  EXPECT_THAT(xml, HasSubstr("lost == 0 in websocket: measured 0, wanted == 0, held"));
}

TEST(JUnit, WhatCannotBeBelievedOrJudgedIsAnError) {
  const auto xml = junit_of(result::doubtful_result());
  EXPECT_THAT(xml, HasSubstr("tests=\"7\" failures=\"1\" errors=\"4\""));
  EXPECT_THAT(xml, HasSubstr("<error type=\"not-valid\" message=\"INVALID: "));
  EXPECT_THAT(xml, HasSubstr("lost-events [invalid]: long-polling/hold=25s#2: 12 of 60,000"));
  EXPECT_EQ(count_of(xml, "<error type=\"not-judged\""), 3U);
}

TEST(JUnit, TextFromAFileIsText) {
  const auto xml = junit_of(hostile_result());
  EXPECT_THAT(xml, Not(HasSubstr("<script>")));
  EXPECT_THAT(xml, Not(HasSubstr("<!--")));
  EXPECT_THAT(xml, Not(HasSubstr("timestamp")));
  EXPECT_EQ(count_of(xml, "<testcase "), count_of(xml, "</testcase>"));
}

}  // namespace
}  // namespace pushbench::reports
