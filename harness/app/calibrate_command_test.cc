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

class CalibrateCommand : public testing::Test {
 protected:
  CalibrateCommand() : root_(fs::path(testing::TempDir()) / "calibrate_command") {
    fs::remove_all(root_);
    auto run = result::example_result();
    run.cells.resize(1);
    for (std::uint64_t i = 0; i < 10; ++i) {
      const auto directory = root_ / std::to_string(i);
      fs::create_directories(directory);
      run.cells[0].generator.worker_cpu_ns = 1'000'000 + 10'000 * i;
      std::ofstream(directory / "result.json") << result::to_json(run);
    }
  }
  Ran run(std::vector<const char*> words) const {
    words.insert(words.begin(), "calibrate");
    return run_words(words);
  }
  fs::path root_;
};

TEST_F(CalibrateCommand, LearnsFromRunsThatAreThere) {
  const auto from = root_.string();
  const auto ran = run({"--from", from.c_str()});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("client CPU"));
  ASSERT_TRUE(fs::exists(root_ / "noise.json"));
  // A comparison finds it beside its base.
  const auto compared = run_words({"compare", from.c_str(), from.c_str(), "--exit-zero-on", "5"});
  EXPECT_EQ(compared.code, 0) << compared.err;
  EXPECT_THAT(compared.out, HasSubstr("noise.json"));
}

TEST_F(CalibrateCommand, OverwritesNothingUnlessForced) {
  const auto from = root_.string();
  const auto file = (root_ / "kept.json").string();
  std::ofstream(file) << "kept";
  EXPECT_EQ(run({"--from", from.c_str(), "-o", file.c_str()}).code, 2);
  EXPECT_EQ(fs::file_size(file), 4U);
  EXPECT_EQ(run({"--from", from.c_str(), "-o", file.c_str(), "--force"}).code, 0);
  EXPECT_GT(fs::file_size(file), 4U);
}

TEST_F(CalibrateCommand, NeedsAScenarioOrRunsAndEnoughOfThem) {
  EXPECT_THAT(run({}).err, HasSubstr("name a scenario"));
  const auto from = root_.string();
  EXPECT_EQ(run({"quick", "--from", from.c_str()}).code, 2);
  const auto one = (root_ / "1").string();
  const auto few = run({"--from", one.c_str()});
  EXPECT_EQ(few.code, 2);
  EXPECT_THAT(few.err, HasSubstr("a noise floor needs 10"));
  EXPECT_FALSE(fs::exists(root_ / "1/noise.json"));
}

}  // namespace
}  // namespace pushbench::app
