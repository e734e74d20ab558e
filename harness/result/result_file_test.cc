#include "harness/result/result_file.h"

#include "harness/result/example_result.h"
#include "harness/result/json_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace pushbench::result {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class ResultFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "result_file_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { fs::remove_all(directory_); }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  static std::string content(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  fs::path directory_;
};

TEST_F(ResultFile, WritesAndLoads) {
  const auto run = minimal_result();
  ASSERT_TRUE(write_file(path("result.json"), to_json(run)));
  EXPECT_FALSE(fs::exists(path("result.json.tmp")));
  const auto back = load_result(path("result.json"));
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), to_json(run));
}

TEST_F(ResultFile, ReplacesAsAWhole) {
  ASSERT_TRUE(write_file(path("f"), "a long first text"));
  ASSERT_TRUE(write_file(path("f"), "short"));
  EXPECT_EQ(content(path("f")), "short");
}

// Files cannot grow beyond `bytes` while this lives, as on a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit small{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int);
};

void expect_too_large(const Result<void>& written, const std::string& file) {
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ExitCode::kCouldNotRun);
  EXPECT_THAT(written.error().text, HasSubstr("cannot write " + file + ": File too large"));
}

TEST_F(ResultFile, AFullDiskLeavesTheOldFileAndNoHalfOne) {
  ASSERT_TRUE(write_file(path("old"), "old"));
  {
    const SmallDisk disk(1000);
    expect_too_large(write_file(path("old"), std::string(5000, 'x')), path("old"));
    expect_too_large(write_file(path("fresh"), std::string(5000, 'x')), path("fresh"));
  }
  EXPECT_EQ(content(path("old")), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 1)
      << "neither a fresh file nor a temporary one";
}

TEST_F(ResultFile, AppendsAllOrNothing) {
  ASSERT_TRUE(append_file(path("f"), "one", 100));
  ASSERT_TRUE(append_file(path("f"), "two", 100));
  EXPECT_EQ(content(path("f")), "onetwo");
  const auto beyond = append_file(path("f"), std::string(95, 'x'), 100);
  ASSERT_FALSE(beyond);
  EXPECT_THAT(beyond.error().text, HasSubstr("it would become larger than 100 bytes"));
  {
    const SmallDisk disk(1000);
    expect_too_large(append_file(path("f"), std::string(5000, 'x'), 10'000), path("f"));
  }
  EXPECT_EQ(content(path("f")), "onetwo");
  EXPECT_FALSE(append_file(path("no/such/f"), "x", 100));
}

TEST_F(ResultFile, PlacesThatCannotBeWrittenAreNamed) {
  const auto nowhere = write_file(path("no/such/f"), "x");
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().text, HasSubstr("no/such/f: No such file or directory"));
  const auto directory = write_file(directory_.string(), "x");
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().text, HasSubstr("not a regular file"));
  EXPECT_FALSE(write_file("/dev/full", "x"));
}

// A link planted under the temporary name is not followed.
TEST_F(ResultFile, DoesNotWriteThroughALink) {
  std::ofstream(path("victim")) << "kept";
  fs::create_symlink(path("victim"), path("f.tmp"));
  EXPECT_FALSE(write_file(path("f"), "x"));
  EXPECT_EQ(content(path("victim")), "kept");
}

TEST_F(ResultFile, FilesThatCannotBeReadAreNamed) {
  const auto absent = load_result(path("absent.json"));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ExitCode::kUsage);
  EXPECT_EQ(absent.error().text,
            "cannot read " + path("absent.json") + ": No such file or directory");
  const auto directory = load_result(directory_.string());
  ASSERT_FALSE(directory);
  EXPECT_THAT(directory.error().text, HasSubstr("the directory holds no result.json"));
}

TEST_F(ResultFile, ARunDirectoryIsItsResult) {
  ASSERT_TRUE(write_file(path("result.json"), to_json(minimal_result())));
  for (const auto& name : {directory_.string(), directory_.string() + "/"}) {
    const auto back = load_result(name);
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(to_json(*back), to_json(minimal_result()));
  }
}

TEST_F(ResultFile, MessagesNameTheFile) {
  std::ofstream(path("r.json")) << "{";
  const auto cut = load_result(path("r.json"));
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().text, HasSubstr(path("r.json") + ":1: the JSON ends in the middle"));
}

}  // namespace
}  // namespace pushbench::result
