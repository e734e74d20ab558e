#include "harness/app/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdlib.h>
#include <utility>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

TEST(TemporaryFolder, GoesWithTheObjectAndAllThatIsInIt) {
  std::string path;
  {
    auto made = TemporaryFolder::make("test");
    ASSERT_TRUE(made) << made.error().text;
    const TemporaryFolder folder = std::move(*made);
    path = folder.path();
    EXPECT_TRUE(fs::is_directory(path));
    EXPECT_NE(path.find("pushbench-test-"), std::string::npos) << path;
    std::ofstream(path + "/log") << "x";
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryFolder, WithoutAPlaceForItSaysWhatToDo) {
  const char* before = getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  setenv("TMPDIR", "/proc/self/nowhere", 1);
  const auto made = TemporaryFolder::make("test");
  if (before == nullptr) {
    unsetenv("TMPDIR");
  } else {
    setenv("TMPDIR", kept.c_str(), 1);
  }
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ExitCode::kCouldNotRun);
  EXPECT_NE(made.error().text.find("TMPDIR"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::app
