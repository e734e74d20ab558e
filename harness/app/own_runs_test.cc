#include "harness/app/own_runs.h"

#include "harness/app/captured.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A program that writes down how it was called, and knows --floor or does not.
std::string make_program(const fs::path& root, const std::string& name, bool knows_floor) {
  const auto path = root / name;
  std::ofstream(path) << "#!/bin/sh\n"
                      << "if [ \"$2\" = --help ]; then echo '" << (knows_floor ? "--floor" : "")
                      << "'; exit 0; fi\n"
                      << "for last; do :; done\nmkdir -p \"$last\"\necho \"$@\" >\"$last/words\"\n";
  fs::permissions(path, fs::perms::owner_all);
  return path.string();
}

std::string words_in(const fs::path& path) {
  std::ifstream file(path / "words");
  std::string text;
  std::getline(file, text);
  return text;
}

Result<bool> no_more(const std::string& /*out*/) {
  return false;
}

class OwnRunsTest : public testing::Test {
 protected:
  OwnRunsTest() : root_(fs::path(testing::TempDir()) / "own_runs") {
    fs::remove_all(root_);
    fs::create_directories(root_);
    arguments_.words = {"quick"};
    arguments_.runs.repeats = 1;
    arguments_.runs.out = (root_ / "out").string();
    arguments_.runs.overrides.clients = "7";
  }
  fs::path root_;
  CompareArguments arguments_;
  const Captured captured_;
};

TEST_F(OwnRunsTest, CallsEachProgramWithItsDirectoryAndTheOverrides) {
  arguments_.base_bin = make_program(root_, "base.sh", true);
  arguments_.head_bin = make_program(root_, "head.sh", true);
  const auto made = make_own_runs(arguments_, no_more, captured_.streams());
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->code, 0) << captured_.err();
  const auto words = words_in(root_ / "out/head/001");
  EXPECT_THAT(words, testing::StartsWith("run "));
  EXPECT_THAT(words, HasSubstr("quick.yaml --repeats 1 --quiet --floor off --clients 7 --out"));
}

TEST_F(OwnRunsTest, AsManyRunsMayBeAddedUnlessAnotherNumberIsNamedOrTheFirstDecideNothing) {
  arguments_.runs.repeats = 12;
  EXPECT_EQ(more_runs(arguments_), 12U);
  arguments_.more = 0;
  EXPECT_EQ(more_runs(arguments_), 0U);
  arguments_.more.reset();
  arguments_.runs.repeats = 4;
  EXPECT_EQ(more_runs(arguments_), 0U);
  arguments_.more = 3;
  EXPECT_EQ(more_runs(arguments_), 3U);
}

TEST_F(OwnRunsTest, AnOptionThatOneProgramDoesNotKnowIsGivenToNeither) {
  arguments_.base_bin = make_program(root_, "base.sh", false);
  arguments_.head_bin = make_program(root_, "head.sh", true);
  const auto made = make_own_runs(arguments_, no_more, captured_.streams());
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(words_in(root_ / "out/head/001").find("--floor"), std::string::npos);
}

TEST_F(OwnRunsTest, RefusesAScenarioThatDoesNotExistBeforeAnythingRuns) {
  arguments_.base_bin = arguments_.head_bin = make_program(root_, "base.sh", true);
  arguments_.words = {"no-such-scenario"};
  const auto made = make_own_runs(arguments_, no_more, captured_.streams());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ExitCode::kUsage);
  EXPECT_FALSE(fs::exists(root_ / "out"));
}

}  // namespace
}  // namespace pushbench::app
