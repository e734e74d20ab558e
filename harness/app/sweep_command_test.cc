#include "harness/app/sweep_command.h"

#include "harness/app/captured.h"
#include "harness/result/json_io.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pushbench::app {
namespace {

TEST(SweepCommand, MistakesAreToldBeforeAnythingRuns) {
  const struct {
    std::vector<const char*> words;
    const char* says;
  } cases[] = {
      {{"sweep", "quick"}, "say what to vary"},
      {{"sweep", "quick", "--vary", "event.rate=1/s"}, "did you mean 'events.rate'?"},
      {{"sweep", "quick", "--vary", "clients"}, "clients has no values"},
      {{"sweep", "quick", "--vary", "clients=5,5"}, "comes twice"},
      {{"sweep", "quick", "--vary", "clients=5", "--vary", "clients=6"}, "clients comes twice"},
      {{"sweep", "quick", "--vary", "clients=5,none"}, "--clients"},
      {{"sweep", "quick", "--vary", "clients=5", "--by", "beauty"}, "--by: 'beauty' is no metric"},
      {{"sweep", "quik", "--vary", "clients=5"}, "did you mean 'quick'"},
  };
  for (const auto& c : cases) {
    const Ran ran = run_words(c.words);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_NE(ran.err.find(c.says), std::string::npos) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

TEST(SweepCommand, AServerThatIsDownLeavesADirectoryToGoOnFrom) {
  const std::string out = ::testing::TempDir() + "sweep-down";
  std::filesystem::remove_all(out);
  const Ran ran = run_words({"sweep", "quick", "--vary", "clients=5,6", "--server",
                             "http://127.0.0.1:1", "--out", out.c_str(), "--quiet"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_NE(ran.err.find("goes on where it ended"), std::string::npos) << ran.err;
  EXPECT_NE(ran.out.find("0 of 2 points"), std::string::npos) << ran.out;
}

TEST(SweepCommand, ADirectoryOfAnotherSweepIsRefused) {
  const std::string out = ::testing::TempDir() + "sweep-other";
  std::filesystem::create_directories(out);
  ASSERT_TRUE(result::write_file(
      out + "/sweep.json",
      R"({"schema": "pushbench.sweep/1", "scenario": "x", "workload": "y", "varied": [],)"
      R"( "points": []})"));
  const Ran ran = run_words({"sweep", "quick", "--vary", "clients=5,6", "--out", out.c_str()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("holds another sweep"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace pushbench::app
