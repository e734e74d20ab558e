// From result files to a model file; a grid that runs is for harness/e2e.
#include "harness/app/fit_command.h"

#include "harness/app/captured.h"
#include "harness/result/json_io.h"
#include "harness/study/model_file.h"
#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pushbench::app {
namespace {

std::string written(const std::string& name, double noise = 0, const std::string& cpu = "a cpu") {
  auto run = study::polled_run({}, noise);
  run.started_utc = "2026-11-26T06:22:00Z";
  run.scenario.name = "made-up";
  run.environment["cpu"] = cpu;
  const std::string path = ::testing::TempDir() + name;
  EXPECT_TRUE(result::write_file(path, result::to_json(run)));
  return path;
}

TEST(FitCommand, ResultsBecomeAModelThatSizeReads) {
  const std::string from = written("grid.json", 0.02);
  const std::string held = written("held.json");
  const std::string out = ::testing::TempDir() + "model.json";
  std::filesystem::remove(out);
  const Ran ran = run_words({"fit", from.c_str(), "--hold-out", held.c_str(), "-o", out.c_str()});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("Held out and predicted"), std::string::npos) << ran.out;
  const auto model = study::load_model(out);
  ASSERT_TRUE(model) << model.error().text;
  EXPECT_NEAR(model->find("polling")->request_cpu_s.value, 6e-6, 0.5e-6);
  EXPECT_FALSE(model->reference);
  const Ran size = run_words({"size", "--clients", "1000", "--events-per-client", "1/s", "--model",
                              out.c_str(), "--strategy", "polling/interval=1s"});
  EXPECT_EQ(size.code, 0) << size.err;
  EXPECT_NE(size.out.find("fitted from 2 results"), std::string::npos) << size.out;
  // A second time it is in the way.
  EXPECT_EQ(run_words({"fit", from.c_str(), "-o", out.c_str()}).code, 2);
}

TEST(FitCommand, MistakesAreOneSentence) {
  const std::string from = written("one.json");
  const std::string other = written("other.json", 0, "another cpu");
  const struct {
    std::vector<const char*> words;
    const char* says;
  } cases[] = {
      {{"fit"}, "name result.json files"},
      {{"fit", from.c_str(), "--run", "quick"}, "fit either of them"},
      {{"fit", "/nowhere.json"}, "/nowhere.json"},
      {{"fit", from.c_str(), other.c_str()}, "on another processor"},
      {{"fit", from.c_str(), "--scaling", "1:10", "--scaling", "2:19"}, "at least 6 points"},
      {{"fit", from.c_str(), "--scaling", "two"}, "--scaling: expected THREADS:PER_SECOND"},
      {{"fit", "--run", "quik"}, "did you mean 'quick'"},
      {{"fit", from.c_str(), "-o", "/nowhere/model.json"}, "-o: there is no directory /nowhere"},
  };
  for (const auto& c : cases) {
    const Ran ran = run_words(c.words);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_NE(ran.err.find(c.says), std::string::npos) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

TEST(FitCommand, ScalingPointsAreInTheModel) {
  const std::string from = written("scaled.json");
  const Ran ran = run_words({"fit", from.c_str(), "--scaling", "1:100", "--scaling", "2:190",
                             "--scaling", "4:340", "--scaling", "8:560", "--scaling", "12:690",
                             "--scaling", "16:780", "--format", "json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto model = study::model_from_json(ran.out, "out");
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->scaling);
  EXPECT_NEAR(model->scaling->gain(8), 5.6, 0.3);
}

}  // namespace
}  // namespace pushbench::app
