#include "harness/study/model_file.h"

#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

CostModel a_model() {
  Observations seen;
  add_observations(polled_run(TrueCosts{}, 0.03), false, seen);
  seen.usable.push_back(seen.usable.front());
  seen.usable.back().held_out = true;
  std::vector<std::string> problems;
  CostModel model = *fit_costs(seen.usable, problems);
  model.source = "a test";
  model.machine = "2 processors";
  model.date = "2026-11-26T06:22:00Z";
  model.commit = "0123456789ab";
  model.scaling = ScalingLaw{.single = 1000,
                             .contention = {0.1, 0.05, 0.2, Estimate::State::kFitted},
                             .coherency = {0, 0, 0, Estimate::State::kHeldAtZero},
                             .largest_n = 8,
                             .residual_worst = 0.01};
  return model;
}

TEST(ModelFile, WhatIsReadBackIsWhatWasWritten) {
  const std::string text = to_json(a_model());
  const auto back = model_from_json(text, "m.json");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), text);
  EXPECT_EQ(back->families.front().held_out.size(), 1U);
  ASSERT_TRUE(back->scaling);
  EXPECT_NEAR(back->scaling->gain(4), 4 / 1.3, 1e-12);
}

TEST(ModelFile, OtherFilesAreRefusedByName) {
  const struct {
    std::string text;
    const char* says;
  } cases[] = {
      {"{", "m.json"},
      {R"({"schema": "pushbench.result/1"})", "expected a cost model"},
      {R"({"schema": "pushbench.model/1"})", "source"},
  };
  for (const auto& c : cases) {
    const auto read = model_from_json(c.text, "m.json");
    ASSERT_FALSE(read) << c.text;
    EXPECT_EQ(read.error().code, ExitCode::kUsage);
    EXPECT_NE(read.error().text.find(c.says), std::string::npos) << read.error().text;
  }
  std::string negative = to_json(a_model());
  const auto at = negative.find("\"value\": ");
  ASSERT_NE(at, std::string::npos);
  negative.insert(at + 9, "-");
  EXPECT_FALSE(model_from_json(negative, "m.json"));
}

TEST(ModelFile, AFileThatIsNotThereIsAUsageFailure) {
  EXPECT_FALSE(load_model("/nowhere/model.json"));
}

}  // namespace
}  // namespace pushbench::study
