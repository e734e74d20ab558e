#include "harness/app/step_summary.h"

#include "harness/app/captured.h"
#include "harness/result/example_result.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pushbench::app {
namespace {

class StepSummary : public ::testing::Test {
 protected:
  StepSummary() : path_(::testing::TempDir() + "step-summary.md") {
    std::filesystem::remove(path_);
  }
  ~StepSummary() override { ::unsetenv("GITHUB_STEP_SUMMARY"); }
  std::string content() const {
    std::stringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }
  std::string path_;
};

TEST_F(StepSummary, StandsBehindWhatOtherStepsWrote) {
  ::setenv("GITHUB_STEP_SUMMARY", path_.c_str(), 1);
  std::ofstream(path_) << "before\n";
  const Captured captured;
  add_step_summary(result::example_result(), captured.streams());
  EXPECT_TRUE(content().starts_with("before\n## chat\n")) << content();
  EXPECT_EQ(captured.err(), "");
}

TEST_F(StepSummary, WithoutTheVariableNothingIsWritten) {
  const Captured captured;
  add_step_summary(result::example_result(), captured.streams());
  ::setenv("GITHUB_STEP_SUMMARY", "", 1);
  add_step_summary(result::example_result(), captured.streams());
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(captured.err(), "");
}

TEST_F(StepSummary, AFullOneIsLeftAsItIsAndSaid) {
  ::setenv("GITHUB_STEP_SUMMARY", path_.c_str(), 1);
  std::ofstream(path_) << std::string(kStepSummaryBytes - 10, 'x');
  const Captured captured;
  add_step_summary(result::example_result(), captured.streams());
  EXPECT_EQ(std::filesystem::file_size(path_), kStepSummaryBytes - 10);
  EXPECT_NE(captured.err().find("no step summary: cannot append to " + path_), std::string::npos)
      << captured.err();
}

}  // namespace
}  // namespace pushbench::app
