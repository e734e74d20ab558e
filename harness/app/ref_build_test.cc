#include "harness/app/ref_build.h"

#include "harness/app/captured.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A repository whose scripts/build writes a program that says which revision it is of.
class RefBuildTest : public testing::Test {
 protected:
  RefBuildTest() : root_(fs::path(testing::TempDir()) / "ref_build"), before_(fs::current_path()) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "scripts");
    commit(
        "mkdir -p build/release/harness/app; cd build/release/harness/app;"
        "printf '#!/bin/sh\\necho first\\n' >pushbench; chmod +x pushbench",
        "first");
    commit("echo this one does not compile >&2; exit 1", "broken");
    fs::current_path(root_);
  }
  ~RefBuildTest() override { fs::current_path(before_); }

  void commit(const std::string& build, const std::string& tag) const {
    std::ofstream(root_ / "scripts/build") << "#!/bin/sh\ncd \"$(dirname \"$0\")/..\"\n"
                                           << build << "\n";
    fs::permissions(root_ / "scripts/build", fs::perms::owner_all);
    const std::string git = "git -C '" + root_.string() +
                            "' -c user.name=x -c user.email=x@example.org -c commit.gpgsign=false ";
    const std::string words = "git init -q '" + root_.string() + "' && " + git + "add -A && " +
                              git + "commit -q -m " + tag + " && " + git + "tag " + tag;
    ASSERT_EQ(std::system(words.c_str()), 0);
  }
  static std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  fs::path root_, before_;
  const Captured captured_;
};

TEST_F(RefBuildTest, BuildsARevisionAsideAndTakesItAway) {
  std::string program;
  {
    const auto built = RefBuild::build("first", "--base-ref", captured_.streams());
    ASSERT_TRUE(built) << built.error().text;
    program = built->program();
    EXPECT_THAT(text_of(program), HasSubstr("echo first"));
    EXPECT_THAT(text_of((root_ / "scripts/build").string()), HasSubstr("does not compile"));
  }
  EXPECT_FALSE(fs::exists(program));
  EXPECT_TRUE(!fs::exists(root_ / ".git/worktrees") || fs::is_empty(root_ / ".git/worktrees"));
}

TEST_F(RefBuildTest, SaysWhyARevisionCannotBeBuilt) {
  const auto broken = RefBuild::build("broken", "--head-ref", captured_.streams());
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ExitCode::kCouldNotRun);
  EXPECT_THAT(broken.error().text, HasSubstr("--head-ref broken"));
  EXPECT_THAT(broken.error().text, HasSubstr("this one does not compile"));
}

TEST_F(RefBuildTest, NamesARevisionThatDoesNotExist) {
  for (const char* ref : {"nowhere", "--help"}) {
    const auto none = RefBuild::build(ref, "--base-ref", captured_.streams());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ExitCode::kUsage);
    EXPECT_THAT(none.error().text, HasSubstr(ref));
  }
}

}  // namespace
}  // namespace pushbench::app
