#include "harness/result/example_result.h"
#include "reports/export.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace pushbench::reports {
namespace {

std::vector<std::string> lines_of(const result::RunResult& run) {
  std::istringstream text(export_hlog(std::span(&run, 1), {}).at(0).text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    lines.push_back(line);
  }
  return lines;
}

// Without the lines that are of a part of a cell.
std::vector<std::string> whole_cells(std::vector<std::string> lines) {
  std::erase_if(lines, [](const auto& line) { return line.find(";over-time,") != line.npos; });
  return lines;
}

TEST(Hlog, TheWindowOfEachCellWithItsHistogram) {
  const auto run = result::example_result();
  const auto lines = whole_cells(lines_of(run));
  ASSERT_EQ(lines.size(), 4 + run.cells.size());
  EXPECT_EQ(lines[0], "#[Logged by pushbench 0.1.0]");
  EXPECT_EQ(lines[1], "#[Histogram log format version 1.3]");
  EXPECT_EQ(lines[2], "#[StartTime: 1795225380.000 (seconds since epoch), 2026-11-21T01:43:00Z]");
  EXPECT_TRUE(lines[5].starts_with("Tag=chat/polling/interval=1s;new-connection,5.100,10.000,"))
      << lines[5];
  const auto histogram = stats::Histogram::decode(lines[9].substr(lines[9].rfind(',') + 1));
  ASSERT_TRUE(histogram);
  EXPECT_TRUE(*histogram == run.cells.back().latency);
}

TEST(Hlog, EveryIntervalInWhichSomethingArrived) {
  auto run = result::example_result();
  run.cells.erase(run.cells.begin() + 1, run.cells.end());
  run.cells[0].latency_over_time.seconds = 2;
  const auto lines = lines_of(run);
  ASSERT_EQ(lines.size(), 5 + 13U) << "the first two seconds and the last two have none";
  EXPECT_TRUE(lines[5].starts_with("Tag=chat/polling/interval=1s;over-time,4.000,2.000,"))
      << lines[5];
  const auto histogram = stats::Histogram::decode(lines[5].substr(lines[5].rfind(',') + 1));
  ASSERT_TRUE(histogram);
  EXPECT_TRUE(*histogram == run.cells[0].latency_over_time.columns[2]);
  EXPECT_TRUE(lines.back().starts_with("Tag=chat/polling/interval=1s;over-time,28.000,2.000,"));
}

TEST(Hlog, ATagHasNoCommaAndALineNoBreak) {
  const auto run = hostile_result();
  const auto lines = whole_cells(lines_of(run));
  ASSERT_EQ(lines.size(), 3 + run.cells.size()) << "a date that is none has no line";
  for (std::size_t i = 3; i < lines.size(); ++i) {
    EXPECT_EQ(std::count(lines[i].begin(), lines[i].end(), ','), 4) << lines[i];
    EXPECT_EQ(lines[i].find(' '), std::string::npos) << lines[i];
  }
}

TEST(Hlog, ACellWithoutLatencyHasNoInterval) {
  EXPECT_EQ(lines_of(result::minimal_result()).back().substr(0, 16), "\"StartTimestamp\"");
}

}  // namespace
}  // namespace pushbench::reports
