#include "harness/app/result_files.h"

#include "harness/result/json_io.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

class ResultFiles : public ::testing::Test {
 protected:
  ResultFiles() : folder_(fs::path(::testing::TempDir()) / "result-files") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  fs::path folder_;
};

TEST_F(ResultFiles, LoadsFilesAndRunDirectories) {
  result::RunResult run;
  run.scenario.name = "tiny";
  ASSERT_TRUE(result::write_file(path("result.json"), result::to_json(run)));
  const auto runs = load_runs({path("result.json"), folder_.string(), folder_.string() + "/"});
  ASSERT_TRUE(runs) << runs.error().text;
  ASSERT_EQ(runs->size(), 3U);
  EXPECT_EQ(runs->back().scenario.name, "tiny");
}

TEST_F(ResultFiles, AnEmptyDirectoryAndABadFileAreNamed) {
  const auto empty = load_runs({folder_.string()});
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ExitCode::kUsage);
  EXPECT_NE(empty.error().text.find(folder_.string() + ": the directory holds no result.json"),
            std::string::npos)
      << empty.error().text;
  const auto missing = load_runs({path("\x1b[2J.json")});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text.find('\x1b'), std::string::npos);
}

TEST_F(ResultFiles, WritesAllOrNothingOverWhatIsThere) {
  std::ofstream(path("b")) << "mine";
  const std::vector<std::pair<std::string, std::string>> files{{path("a"), "1"}, {path("b"), "2"}};
  const auto refused = write_new_files(files, false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  EXPECT_NE(refused.error().text.find("--force"), std::string::npos);
  EXPECT_FALSE(fs::exists(path("a")));
  EXPECT_EQ(fs::file_size(path("b")), 4U);
  ASSERT_TRUE(write_new_files(files, true));
  EXPECT_EQ(fs::file_size(path("a")), 1U);
  EXPECT_EQ(fs::file_size(path("b")), 1U);
}

}  // namespace
}  // namespace pushbench::app
