#include "reports/export.h"

#include "harness/result/example_result.h"
#include "harness/result/json_io.h"
#include "reports/csv_fields.h"
#include "reports/golden.h"
#include "reports/hostile_result.h"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace pushbench::reports {
namespace {

using result::RunResult;
using testing::HasSubstr;

std::vector<ExportFile> exported(const Export& format, const RunResult& run) {
  return format.make(std::span(&run, 1), {});
}

TEST(Export, NamesAreUniqueAndFound) {
  std::set<std::string_view> names;
  for (const auto& format : exports()) {
    EXPECT_TRUE(names.insert(format.name).second);
    EXPECT_EQ(find_export(format.name), &format);
  }
  EXPECT_EQ(find_export("pdf"), nullptr);
}

TEST(Export, FilesAreThoseOfTheTable) {
  for (const auto& format : exports()) {
    for (const auto& file : exported(format, result::example_result())) {
      const bool otava = format.name == "otava" && file.name == "chat.csv";
      EXPECT_TRUE(otava || format.files.find(file.name) != std::string_view::npos) << file.name;
      EXPECT_EQ(file.name.find('/'), std::string::npos);
    }
  }
}

TEST(Export, EveryFormatMatchesItsGolden) {
  for (const auto& format : exports()) {
    if (format.name == "csv" || format.name == "hgrm") {
      continue;  // those of the report formats
    }
    const auto run = result::example_result();
    ExportOptions few;
    for (const auto* name : {"latency_p99_ns", "bytes_per_delivery", "received_per_s", "lost"}) {
      few.metrics.push_back(result::find_metric(name));
    }
    for (const auto& file : format.make(std::span(&run, 1), few)) {
      expect_golden("export/" + file.name, file.text);
    }
  }
}

// All exports can be made again from the file alone.
TEST(Export, AResultThatWasReadBackExportsTheSame) {
  const auto run = result::doubtful_result();
  const auto back = result::from_json(result::to_json(run), "r").value();
  for (const auto& format : exports()) {
    const auto from_file = exported(format, back);
    const auto from_run = exported(format, run);
    ASSERT_EQ(from_file.size(), from_run.size());
    for (std::size_t i = 0; i < from_file.size(); ++i) {
      EXPECT_EQ(from_file[i].text, from_run[i].text) << from_file[i].name;
    }
  }
}

TEST(Export, TheLeastResultsExport) {
  for (const auto& format : exports()) {
    for (const auto& run : {RunResult(), result::minimal_result()}) {
      for (const auto& file : exported(format, run)) {
        EXPECT_FALSE(std::regex_search(file.text, std::regex("\\b(nan|inf)\\b"))) << file.name;
      }
    }
    EXPECT_FALSE(format.make({}, {}).empty()) << format.name;
  }
}

// A history goes on when the machine or the day changes: only the fields for them differ.
TEST(Export, NamesHoldNeitherHostNorDate) {
  auto elsewhere = result::example_result();
  elsewhere.started_utc = "2031-01-01T00:00:00Z";
  elsewhere.environment["cpu"] = elsewhere.environment["kernel"] = "another";
  for (const std::string_view name : {"github-action-benchmark", "bencher", "openmetrics"}) {
    const auto here = exported(*find_export(name), result::example_result());
    const auto there = exported(*find_export(name), elsewhere);
    for (std::size_t i = 0; i < here.size(); ++i) {
      EXPECT_EQ(here[i].text, there[i].text) << here[i].name;
    }
  }
}

TEST(Export, TwoWorkloadsOfOneNameAreNotJoined) {
  auto other = result::example_result();
  other.scenario.seed = 99;
  const std::vector<RunResult> runs{result::example_result(), other};
  for (const auto& format : exports()) {
    const auto checked = check_export(format, runs);
    EXPECT_EQ(checked.has_error(), format.joins) << format.name;
    if (!checked) {
      EXPECT_EQ(checked.error().code, ExitCode::kUsage);
      EXPECT_THAT(checked.error().text, HasSubstr("different workloads"));
    }
  }
}

TEST(Export, AHistoryRefusesARunThatIsNotValid) {
  const auto run = result::doubtful_result();
  for (const auto& format : exports()) {
    const auto checked = check_export(format, std::span(&run, 1));
    EXPECT_EQ(checked.has_error(), format.tracks) << format.name;
    if (!checked) {
      EXPECT_EQ(checked.error().code, ExitCode::kNotValid);
      EXPECT_THAT(checked.error().text, HasSubstr("partial-run"));
    }
  }
}

// --- One hostile result through every format, read back by its grammar.

void expect_json(const ExportFile& file) {
  boost::json::error_code ec;
  const auto value = boost::json::parse(file.text, ec);
  EXPECT_FALSE(ec) << file.name;
  EXPECT_TRUE(value.is_array() || value.is_object());
}

void expect_table(const ExportFile& file) {
  const auto rows = csv_fields(file.text);
  ASSERT_FALSE(rows.empty());
  for (const auto& row : rows) {
    EXPECT_EQ(row.size(), rows[0].size()) << file.name;
    for (const auto& field : row) {
      EXPECT_TRUE(field.empty() || std::string("=+-@\t").find(field[0]) == std::string::npos)
          << field;
    }
  }
}

TEST(Export, NoTextBreaksOutOfAnyFormat) {
  const auto run = hostile_result();
  for (const auto& format : exports()) {
    for (const auto& file : exported(format, run)) {
      for (const char c : file.text) {
        const auto byte = static_cast<unsigned char>(c);
        ASSERT_TRUE((byte >= 0x20 || c == '\n') && byte != 0x7F) << file.name;
      }
      if (file.name.ends_with(".xml") || file.name.ends_with(".md")) {
        EXPECT_EQ(file.text.find("<script>"), std::string::npos) << file.name;
      }
      if (file.name.ends_with(".json")) {
        expect_json(file);
      } else if (file.name.ends_with(".csv")) {
        expect_table(file);
      }
    }
  }
}

}  // namespace
}  // namespace pushbench::reports
