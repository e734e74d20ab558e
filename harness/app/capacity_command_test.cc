// What is refused before a trial; searches that run are in harness/e2e/capacity_test.cc.
#include "harness/app/capacity_command.h"

#include "harness/app/captured.h"
#include "harness/result/json_io.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pushbench::app {
namespace {

TEST(CapacityCommand, MistakesAreUsageAndLeaveNothingBehind) {
  const std::string out = ::testing::TempDir() + "capacity-usage";
  std::filesystem::remove_all(out);
  const Ran ran = run_words({"capacity", "quick", "--slo", "latency.p99 < 50ms", "--over", "colour",
                             "--out", out.c_str()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("--over: expected one of"), std::string::npos) << ran.err;
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_EQ(run_words({"capacity", "quick"}).code, 2);
}

TEST(CapacityCommand, AServerThatIsNotThereEndsItAndSaysWhatIsKept) {
  const std::string out = ::testing::TempDir() + "capacity-down";
  std::filesystem::remove_all(out);
  const Ran ran =
      run_words({"capacity", "quick", "--slo", "latency.p99 < 50ms", "--over", "clients",
                 "--server", "http://127.0.0.1:1", "--out", out.c_str(), "--quiet"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("cannot connect to"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("kept: "), std::string::npos) << ran.err;
  EXPECT_TRUE(std::filesystem::exists(out + "/capacity.json"));
}

TEST(CapacityCommand, ADirectoryOfAnotherQuestionIsRefused) {
  const std::string out = ::testing::TempDir() + "capacity-other";
  std::filesystem::create_directories(out);
  ASSERT_TRUE(result::write_file(out + "/capacity.json", "{}"));
  const Ran broken = run_words({"capacity", "quick", "--slo", "latency.p99 < 50ms", "--over",
                                "clients", "--out", out.c_str()});
  EXPECT_EQ(broken.code, 2);
  EXPECT_NE(broken.err.find("capacity.json"), std::string::npos) << broken.err;
}

}  // namespace
}  // namespace pushbench::app
