#include "harness/app/child_process.h"

#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <cstdlib>

namespace pushbench::app {
namespace {

constexpr Nanos kLong{std::chrono::seconds(60)};

std::string log_of(const std::string& name) {
  const std::string path = testing::TempDir() + "child_" + name + ".log";
  unlink(path.c_str());
  return path;
}

Result<ChildEnd> shell(const std::string& script, const std::string& log, Nanos bound = kLong) {
  return run_child({"/bin/sh", "-c", script}, log, bound);
}

TEST(RunChild, GivesTheExitCodeAndKeepsWhatWasSaid) {
  const auto log = log_of("code");
  const auto end = shell("echo first; echo it failed >&2; echo; exit 7", log);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 7);
  EXPECT_EQ(end->interrupted, 0);
  EXPECT_FALSE(end->too_long);
  EXPECT_EQ(last_line_of(log), "it failed");
}

TEST(RunChild, SaysHowItWasKilled) {
  const auto end = shell("kill -9 $$", log_of("killed"));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 128 + SIGKILL);
}

TEST(RunChild, EndsWhatTakesTooLong) {
  const auto end = shell("sleep 60", log_of("long"), std::chrono::milliseconds(10));
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->too_long);
  EXPECT_EQ(end->code, 128 + SIGKILL);
}

TEST(RunChild, PassesASignalOn) {
  const auto log = log_of("signal");
  // The child asks its parent for the signal, so that nothing has to be timed.
  const auto end = shell(
      "trap 'echo ended well; exit 3' TERM; kill -INT $PPID; "
      "while :; do sleep 0.05; done",
      log);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->interrupted, SIGINT);
  EXPECT_EQ(end->code, 3);
  EXPECT_EQ(last_line_of(log), "ended well");
}

TEST(RunChild, HidesTheJobSummary) {
  const auto log = log_of("summary");
  setenv("GITHUB_STEP_SUMMARY", "/nowhere", 1);
  const auto end = shell("echo [$GITHUB_STEP_SUMMARY]", log);
  unsetenv("GITHUB_STEP_SUMMARY");
  ASSERT_TRUE(end);
  EXPECT_EQ(last_line_of(log), "[]");
}

TEST(RunChild, NamesAProgramThatIsNotThere) {
  const auto end = run_child({"/no/such/program"}, log_of("none"), kLong);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ExitCode::kCouldNotRun);
  EXPECT_NE(end.error().text.find("/no/such/program"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::app
