#include "reports/markdown.h"

#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string markdown_of(const result::RunResult& run) {
  return render_markdown(std::span(&run, 1), {});
}

// Cell ends of a row: bars without a backslash before them.
std::size_t bars(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    count += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1U : 0U;
  }
  return count;
}

void expect_whole_tables(const std::string& text) {
  std::istringstream lines(text);
  std::size_t expected = 0;
  for (std::string line; std::getline(lines, line);) {
    const bool row = line.starts_with("|");
    if (row && expected != 0) {
      EXPECT_EQ(bars(line), expected) << line;
    }
    expected = row ? bars(line) : 0;
  }
}

TEST(Markdown, TablesAreWhole) {
  expect_whole_tables(markdown_of(result::example_result()));
  expect_whole_tables(markdown_of(hostile_result()));
}

TEST(Markdown, HostileTextsAreInert) {
  const auto text = markdown_of(hostile_result());
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, Not(HasSubstr("<!--")));
  EXPECT_THAT(text, HasSubstr("=1+1\\|\"&gt;&lt;script&gt;"));
}

}  // namespace
}  // namespace pushbench::reports
