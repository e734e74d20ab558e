#include "harness/app/captured.h"
#include "harness/result/json_io.h"
#include "harness/result/result_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

class ReportCommand : public ::testing::Test {
 protected:
  ReportCommand() {
    result::RunResult run;
    run.scenario.name = "tiny";
    run.scenario.strategies = {{.strategy = "websocket"}};
    result::CellResult cell;
    cell.name = "websocket";
    cell.strategy = run.scenario.strategies[0];
    run.cells.push_back(std::move(cell));
    path_ = ::testing::TempDir() + "report-command.json";
    EXPECT_TRUE(result::write_file(path_, result::to_json(run)));
  }
  std::string path_;
};

TEST_F(ReportCommand, PrintsEveryFormat) {
  for (const char* format : {"text", "md", "csv", "html", "hgrm", "json"}) {
    Captured captured;
    EXPECT_EQ(report_command({.files = {path_}, .format = format}, captured.streams()), 0)
        << captured.err();
    EXPECT_NE(captured.out(), "") << format;
    EXPECT_EQ(captured.out().find('\x1b'), std::string::npos) << format;
  }
}

// A report is made whatever it says; only --check hands that on.
TEST_F(ReportCommand, CheckExitsAsTheRunDid) {
  result::RunResult run;
  run.scenario.name = "interrupted";
  run.caveats.emplace_back();
  run.caveats.back().severity = result::Verdict::kInvalid;
  run.verdict = result::Verdict::kInvalid;
  const std::string path = ::testing::TempDir() + "report-check.json";
  ASSERT_TRUE(result::write_file(path, result::to_json(run)));
  const Captured captured;
  EXPECT_EQ(report_command({.files = {path}}, captured.streams()), 0);
  EXPECT_EQ(report_command({.files = {path}, .check = true}, captured.streams()), 3);
  EXPECT_EQ(report_command({.files = {path_}, .check = true}, captured.streams()), 0);
  EXPECT_EQ(captured.err(), "");
}

TEST_F(ReportCommand, JsonIsTheFileItself) {
  Captured captured;
  EXPECT_EQ(report_command({.files = {path_}, .format = "json"}, captured.streams()), 0);
  std::stringstream file;
  file << std::ifstream(path_).rdbuf();
  EXPECT_EQ(captured.out(), file.str());
}

TEST_F(ReportCommand, DoesNotOverwrite) {
  const std::string out = ::testing::TempDir() + "report-command.csv";
  std::ofstream(out) << "mine";
  Captured captured;
  EXPECT_EQ(report_command({.files = {path_}, .format = "csv", .out = out}, captured.streams()), 2);
  EXPECT_NE(captured.err().find("--force"), std::string::npos);
  EXPECT_EQ(fs::file_size(out), 4U);
  EXPECT_EQ(report_command({.files = {path_}, .format = "csv", .out = out, .force = true},
                           captured.streams()),
            0);
  EXPECT_NE(fs::file_size(out), 4U);
}

TEST_F(ReportCommand, AMissingOrForeignFileIsASentence) {
  Captured missing;
  EXPECT_EQ(report_command({.files = {"/no/such/result.json"}}, missing.streams()), 2);
  EXPECT_NE(missing.err().find("/no/such/result.json"), std::string::npos) << missing.err();
  const std::string foreign = ::testing::TempDir() + "foreign.json";
  std::ofstream(foreign) << "{\"schema\": \"somebody.else/9\"}";
  Captured captured;
  EXPECT_EQ(report_command({.files = {foreign}}, captured.streams()), 2);
  EXPECT_NE(captured.err().find("foreign.json"), std::string::npos) << captured.err();
}

}  // namespace
}  // namespace pushbench::app
