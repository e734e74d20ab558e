#include "harness/plan/payload_file.h"

#include "harness/base/text.h"
#include "harness/plan/scenario.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace pushbench::plan {
namespace {

namespace fs = std::filesystem;

class PayloadFile : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("pushbench-payload-" + std::to_string(::getpid()));
    fs::create_directories(root_ / "home" / "sub");
    write("outside.txt", "not a file of the scenario\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  Result<std::vector<std::string>> load(const std::string& file) {
    return load_payload_lines(file, (root_ / "home").string());
  }
  std::string failure_of(const std::string& file) {
    const auto lines = load(file);
    return lines ? "(accepted)" : lines.error().text;
  }
  std::string failure_of_text(const std::string& text) {
    write("home/text.txt", text);
    return failure_of("text.txt");
  }
  fs::path root_;
};

TEST_F(PayloadFile, GivesLinesInOrder) {
  write("home/sub/a.txt", "the first line, 24 bytes\nthe second line of it\n");
  const auto lines = load("sub/a.txt");
  ASSERT_TRUE(lines) << lines.error().text;
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0], "the first line, 24 bytes");
  EXPECT_EQ((*lines)[1], "the second line of it");
  EXPECT_TRUE(load("./sub/a.txt"));
  write("home/b.txt", "no line feed at the end");
  EXPECT_EQ(load("b.txt")->size(), 1U);
}

TEST_F(PayloadFile, CharactersCutByTheStampBecomeDots) {
  write("home/a.txt", "fifteen bytes..\xE2\x82\xAC and more\n");
  const auto lines = load("a.txt");
  ASSERT_TRUE(lines);
  EXPECT_EQ((*lines)[0].substr(16), ".. and more");
  EXPECT_TRUE(is_utf8((*lines)[0].substr(16)));
}

TEST_F(PayloadFile, LinesThatCannotBeEventsAreRefused) {
  EXPECT_EQ(failure_of_text(""), "'text.txt' is empty; it needs one event per line");
  EXPECT_EQ(failure_of_text("a line that is long enough\nshort\n"),
            "line 2 of 'text.txt' is shorter than 16 bytes, the size of the stamp");
  EXPECT_EQ(failure_of_text("a line that is long enough\r\n"),
            "line 1 of 'text.txt' holds a carriage return, which Server-Sent Events cannot carry");
  EXPECT_EQ(failure_of_text("a line that is long enough \xff\n"),
            "line 1 of 'text.txt' is not UTF-8");
  EXPECT_EQ(failure_of_text(std::string(PayloadSpec().max + 1, 'x')),
            "line 1 of 'text.txt' is longer than 1MiB");
  EXPECT_EQ(failure_of_text(std::string(kMaxPayloadFileBytes + 1, 'x')),
            "cannot read '" + fs::canonical(root_ / "home/text.txt").string() +
                "': it is larger than 16.8 MB");
}

TEST_F(PayloadFile, NothingOutsideTheFolderIsRead) {
  fs::create_symlink("../outside.txt", root_ / "home" / "link.txt");
  fs::create_directory_symlink("..", root_ / "home" / "up");
  const std::string below = "expected a path below the scenario's folder, without '..', got ";
  EXPECT_EQ(failure_of("/etc/passwd"), below + "'/etc/passwd'");
  EXPECT_EQ(failure_of("../outside.txt"), below + "'../outside.txt'");
  EXPECT_EQ(failure_of("sub/../../outside.txt"), below + "'sub/../../outside.txt'");
  EXPECT_EQ(failure_of("link.txt"),
            "'link.txt' leads out of the scenario's folder; copy the file into it");
  EXPECT_EQ(failure_of("up/outside.txt"),
            "'up/outside.txt' leads out of the scenario's folder; copy the file into it");
  EXPECT_EQ(failure_of("missing.txt"), "cannot read 'missing.txt': No such file or directory");
  EXPECT_EQ(failure_of("sub"),
            "cannot read '" + fs::canonical(root_ / "home/sub").string() + "': not a regular file");
}

TEST_F(PayloadFile, LinksWithinTheFolderAreFine) {
  write("home/sub/a.txt", "a line that is long enough\n");
  fs::create_symlink("sub/a.txt", root_ / "home" / "near.txt");
  EXPECT_TRUE(load("near.txt"));
}

TEST_F(PayloadFile, OnlyRegularFilesAreRead) {
  EXPECT_FALSE(read_small_file("/dev/zero", 100));
  EXPECT_EQ(read_small_file((root_ / "none").string(), 100).error().text,
            "cannot read '" + (root_ / "none").string() + "': No such file or directory");
  EXPECT_EQ(*read_small_file((root_ / "outside.txt").string(), 27), "not a file of the scenario\n");
  EXPECT_FALSE(read_small_file((root_ / "outside.txt").string(), 26));
}

}  // namespace
}  // namespace pushbench::plan
