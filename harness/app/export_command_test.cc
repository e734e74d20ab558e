#include "harness/app/captured.h"
#include "harness/result/example_result.h"
#include "harness/result/json_io.h"
#include "reports/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ExportCommand : public ::testing::Test {
 protected:
  ExportCommand() : folder_(fs::path(::testing::TempDir()) / "export-command") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    valid_ = keep("valid.json", result::example_result());
    invalid_ = keep("invalid.json", result::doubtful_result());
  }
  std::string keep(const char* name, const result::RunResult& run) const {
    const auto path = (folder_ / name).string();
    EXPECT_TRUE(result::write_file(path, result::to_json(run)));
    return path;
  }
  static Ran exported(const ExportArguments& arguments) {
    const Captured captured;
    const int code = export_command(arguments, captured.streams());
    return {code, captured.out(), captured.err()};
  }
  fs::path folder_;
  std::string valid_, invalid_;
};

TEST_F(ExportCommand, EveryFormatGoesIntoADirectory) {
  for (const auto& format : reports::exports()) {
    const auto out = (folder_ / format.name).string();
    fs::create_directories(out);
    const auto ran = exported({.files = {valid_}, .to = std::string(format.name), .out = out});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_FALSE(fs::is_empty(out)) << format.name;
    const auto again = exported({.files = {valid_}, .to = std::string(format.name), .out = out});
    EXPECT_EQ(again.code, 2);
    EXPECT_THAT(again.err, HasSubstr("--force"));
  }
}

TEST_F(ExportCommand, OneFileGoesToStandardOutputSeveralDoNot) {
  const auto junit = exported({.files = {valid_}, .to = "junit"});
  EXPECT_EQ(junit.code, 0) << junit.err;
  EXPECT_TRUE(junit.out.starts_with("<?xml"));
  const auto two = exported({.files = {valid_}, .to = "github-action-benchmark"});
  EXPECT_EQ(two.code, 2);
  EXPECT_THAT(two.err, HasSubstr("gab-smaller.json and gab-bigger.json are 2 files; name a dir"));
}

TEST_F(ExportCommand, MistakesAreOneSentenceAndWriteNothing) {
  const auto out = (folder_ / "out").string();
  const struct {
    ExportArguments arguments;
    std::string expected;
  } cases[] = {
      {{.files = {valid_}, .to = "junitt", .out = out}, "did you mean 'junit'?"},
      {{.files = {valid_}, .to = "bencher", .out = out, .metrics = {"latncy.p99"}},
       "--metric: 'latncy.p99' is no metric"},
      {{.files = {valid_}, .to = "gbench", .out = out, .latency = "lost"}, "lost is no time"},
      {{.files = {folder_ / "absent.json"}, .to = "junit", .out = out}, "absent.json"},
      {{.files = {folder_}, .to = "junit", .out = out}, "holds no result.json"},
  };
  for (const auto& c : cases) {
    const auto ran = exported(c.arguments);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(c.expected));
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1);
    EXPECT_FALSE(fs::exists(out));
  }
}

TEST_F(ExportCommand, AHistoryTakesARunThatIsNotValidOnlyWhenAsked) {
  const auto refused = exported({.files = {invalid_}, .to = "bencher"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("--even-invalid"));
  EXPECT_EQ(exported({.files = {invalid_}, .to = "bencher", .even_invalid = true}).code, 0);
  EXPECT_EQ(exported({.files = {invalid_}, .to = "junit"}).code, 0);
}

TEST_F(ExportCommand, CheckExitsAsTheRunDid) {
  EXPECT_EQ(exported({.files = {valid_}, .to = "junit", .check = true}).code, 99);
  EXPECT_EQ(exported({.files = {valid_, invalid_}, .to = "junit", .check = true}).code, 3);
}

TEST_F(ExportCommand, MetricsAreNarrowed) {
  const auto ran = exported({.files = {valid_}, .to = "bencher", .metrics = {"rate", "lost"}});
  EXPECT_THAT(ran.out, HasSubstr("received-per-s"));
  EXPECT_THAT(ran.out, HasSubstr("\"lost\""));
  EXPECT_THAT(ran.out, ::testing::Not(HasSubstr("latency-p99-ns")));
}

}  // namespace
}  // namespace pushbench::app
