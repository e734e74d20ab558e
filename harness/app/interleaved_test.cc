#include "harness/app/interleaved.h"

#include "harness/app/captured.h"
#include "harness/result/example_result.h"
#include "harness/result/json_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(SideOfRun, TakesTurnsInBlocksOfFour) {
  std::string order;
  for (std::uint32_t i = 0; i < 8; ++i) {
    order += side_of_run(i) == 0 ? 'A' : 'B';
  }
  EXPECT_EQ(order, "ABBAABBA");
}

TEST(WordsOf, GivesOverridesAsTheyWereGiven) {
  plan::Overrides overrides;
  overrides.clients = "5";
  overrides.measure = "1s";
  overrides.strategies = {"sse", "websocket"};
  EXPECT_EQ(words_of(overrides),
            (std::vector<std::string>{"--clients", "5", "--measure", "1s", "--strategy", "sse",
                                      "--strategy", "websocket"}));
}

// Stands for pushbench: a shell script whose last argument is the run's directory.
class RunInterleaved : public testing::Test {
 protected:
  RunInterleaved() : out_(fs::path(testing::TempDir()) / "interleaved") {
    fs::remove_all(out_);
    fs::create_directories(out_);
  }
  int run(const std::string& base, const std::string& head) {
    Interleaved plan{.sides = {},
                     .repeats = 2,
                     .more = more_,
                     .wants_more = [this]() -> Result<bool> { return wants_more_; },
                     .out = out_.string(),
                     .quiet = true};
    plan.sides[0] = {.name = "base", .words = {"/bin/sh", "-c", base, "run"}};
    plan.sides[1] = {.name = "head", .words = {"/bin/sh", "-c", head, "run"}};
    const Captured captured;
    const int code = run_interleaved(plan, captured.streams());
    said_ = captured.err();
    return code;
  }
  std::string order() const {
    std::ifstream file(out_ / "order");
    std::string text;
    std::getline(file, text);
    return text;
  }
  std::string script(char letter, const std::string& more = "") const {
    return "mkdir -p $2; printf " + std::string(1, letter) + " >>" + (out_ / "order").string() +
           ";" + more;
  }
  fs::path out_;
  std::uint32_t more_ = 0;
  bool wants_more_ = false;
  std::string said_;
};

TEST_F(RunInterleaved, EveryRunHasADirectoryOfItsOwn) {
  EXPECT_EQ(run(script('A'), script('B', "exit 99")), 0) << said_;
  EXPECT_EQ(order(), "ABBA");
  for (const char* directory : {"base/001", "base/002", "head/001", "head/002"}) {
    EXPECT_TRUE(fs::is_directory(out_ / directory)) << directory;
  }
}

TEST_F(RunInterleaved, MoreRunsGoOnWhereTheFirstEndedAndOnlyWhenTheyAreWanted) {
  more_ = 1;
  EXPECT_EQ(run(script('A'), script('B')), 0) << said_;
  EXPECT_EQ(order(), "ABBA");
  fs::remove(out_ / "order");
  wants_more_ = true;
  EXPECT_EQ(run(script('A'), script('B')), 0) << said_;
  EXPECT_EQ(order(), "ABBAAB");
  EXPECT_TRUE(fs::is_directory(out_ / "base/003"));
  EXPECT_FALSE(fs::exists(out_ / "base/004"));
}

TEST_F(RunInterleaved, ARunThatFailsEndsAllAndIsNamed) {
  EXPECT_EQ(run(script('A'), script('B', "echo no such port >&2; exit 1")), 1);
  EXPECT_EQ(order(), "AB");
  EXPECT_THAT(said_, HasSubstr("a run of the head ended with code 1: no such port"));
  EXPECT_EQ(run(script('A', "exit 2"), script('B')), 2);
}

TEST_F(RunInterleaved, ARunThatIsNotValidIsMadeAgainAndKeptAside) {
  const std::string once = "test -e " + (out_ / "seen").string() + " || { touch " +
                           (out_ / "seen").string() + "; touch $2/result.json; exit 3; }";
  EXPECT_EQ(run(script('A', once), script('B')), 0) << said_;
  EXPECT_EQ(order(), "AABBA");
  EXPECT_TRUE(fs::exists(out_ / "not-valid/base-001/not-valid.json"));
  EXPECT_FALSE(fs::exists(out_ / "base/001"));
  EXPECT_THAT(said_, HasSubstr("was not valid and is made again"));
}

TEST_F(RunInterleaved, GivesUpWhenRunsAreNeverValid) {
  EXPECT_EQ(run(script('A', "exit 3"), script('B')), 3);
  EXPECT_EQ(order(), std::string(kMostAgain + 1, 'A'));
  EXPECT_THAT(said_, HasSubstr("were not valid"));
}

// As a threshold that could not be judged ends it, or losses, which are the audit's to judge.
TEST_F(RunInterleaved, TakesAResultThatCanBeComparedWhateverItsExitCode) {
  const auto file = (out_ / "given.json").string();
  std::ofstream(file) << result::to_json(result::example_result());
  EXPECT_EQ(run(script('A', "cp " + file + " $2/result.json; exit 3"), script('B')), 0) << said_;
  EXPECT_EQ(order(), "ABBA");
}

}  // namespace
}  // namespace pushbench::app
