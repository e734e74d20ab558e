// Goldens: set PUSHBENCH_UPDATE_GOLDEN=1 to write them anew, then read the difference.
#include "reports/format.h"

#include "harness/result/example_result.h"
#include "harness/result/json_io.h"
#include "harness/result/metrics.h"
#include "harness/result/validity.h"
#include "reports/export.h"
#include "reports/golden.h"
#include "reports/hostile_result.h"
#include "reports/page_data.h"
#include "reports/topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>

namespace pushbench::reports {
namespace {

using result::RunResult;

std::string rendered(const Format& format, const RunResult& run) {
  return format.render(std::span(&run, 1), {});
}

// What a format says, without the script of the page.
std::string said(const Format& format, std::span<const RunResult> runs) {
  return format.name == "html" ? report_data(runs) : format.render(runs, {});
}

std::string said(const Format& format, const RunResult& run) {
  return said(format, std::span(&run, 1));
}

// "unanswered" holds no number.
bool holds_word(const std::string& text, std::string_view word) {
  const auto letter = [&text](std::size_t at) {
    return at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0;
  };
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    if (!letter(at - 1) && !letter(at + word.size())) {
      return true;
    }
  }
  return false;
}

// The result in a page has a golden of its own.
void expect_goldens(const std::string& stem, const RunResult& run) {
  for (const auto& format : formats()) {
    if (format.name == "html") {
      expect_golden(stem + ".view.json", report_view(std::span(&run, 1)));
    } else {
      expect_golden(stem + "." + std::string(format.extension), rendered(format, run));
    }
  }
}

TEST(Format, NamesAndExtensionsAreUnique) {
  std::set<std::string_view> names;
  for (const auto& format : formats()) {
    EXPECT_TRUE(names.insert(format.name).second);
    EXPECT_EQ(find_format(format.name), &format);
    EXPECT_FALSE(format.extension.empty());
  }
  EXPECT_EQ(find_format("pdf"), nullptr);
}

TEST(Format, EveryFormatMatchesItsGolden) {
  expect_goldens("chat", result::example_result());
  expect_goldens("doubtful", result::doubtful_result());
}

// All reports can be made again from the file alone.
TEST(Format, AResultThatWasReadBackRendersTheSame) {
  const auto run = result::doubtful_result();
  const auto back = result::from_json(result::to_json(run), "r").value();
  for (const auto& format : formats()) {
    EXPECT_EQ(rendered(format, back), rendered(format, run)) << format.name;
  }
}

TEST(Format, TheLeastResultRenders) {
  const auto run = result::minimal_result();
  const RunResult empty;
  for (const auto& format : formats()) {
    EXPECT_FALSE(rendered(format, run).empty()) << format.name;
    EXPECT_FALSE(holds_word(said(format, empty), "nan")) << format.name;
    EXPECT_FALSE(rendered(format, result::example_result()).empty());
  }
}

TEST(Format, NoFormatLetsControlBytesOrMarkupThrough) {
  const auto run = hostile_result();
  for (const auto& format : formats()) {
    const auto text = said(format, run);
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << format.name;
    if (format.name == "md") {  // html_test.cc counts those of a page
      EXPECT_EQ(text.find("<script>"), std::string::npos) << format.name;
    }
  }
}

// Figures that no run has.
TEST(Format, FiguresOfAnySizeRender) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  auto run = result::example_result();
  run.scenario.phases.measure = std::chrono::nanoseconds(kMost);
  run.scenario.events.rate_per_s = static_cast<double>(kMost);
  for (auto& cell : run.cells) {
    cell.measure_s = static_cast<double>(kMost);
    cell.events_measured = cell.server->cpu_ns = cell.counters[result::Counter::kSocketsPeak] =
        static_cast<std::uint64_t>(kMost);
  }
  for (const auto& format : formats()) {
    const auto out = said(format, run);
    EXPECT_FALSE(holds_word(out, "nan")) << format.name;
    EXPECT_FALSE(holds_word(out, "inf")) << format.name;
  }
}

TEST(Format, SeveralRunsStandInOneReport) {
  const std::vector<RunResult> runs{result::example_result(), result::minimal_result()};
  for (const auto& format : formats()) {
    const auto both = format.render(runs, {});
    EXPECT_NE(both.find("polling/"), std::string::npos) << format.name;
    EXPECT_GT(both.size(), rendered(format, runs[0]).size()) << format.name;
  }
  EXPECT_TRUE(find_format("json")->render(runs, {}).starts_with("[\n{"));
}

TEST(Readme, TablesAreThoseOfTheCode) {
  std::string table = "| format | for |\n|---|---|\n";
  for (const auto& format : formats()) {
    table += "| `" + std::string(format.name) + "` | " + std::string(format.about) + " |\n";
  }
  expect_section("formats", table);
  expect_section("exports", export_reference());
  expect_section("topics", topic_reference());
  expect_section("metrics", result::metric_reference());
  expect_section("validity", result::validity_reference());
}

}  // namespace
}  // namespace pushbench::reports
