#include "harness/study/cost_model.h"

#include "harness/study/test_cells.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

CostModel fitted(const result::RunResult& run, const result::RunResult* held_out = nullptr) {
  Observations seen;
  add_observations(run, false, seen);
  if (held_out != nullptr) {
    add_observations(*held_out, true, seen);
  }
  std::vector<std::string> problems;
  const auto model = fit_costs(seen.usable, problems);
  EXPECT_TRUE(model) << model.error().text;
  return model ? *model : CostModel{};
}

TEST(CostModel, KnownCostsComeBackFromAGrid) {
  const TrueCosts truth;
  const auto model = fitted(polled_run(truth));
  const FamilyCost* cost = model.find("polling");
  ASSERT_NE(cost, nullptr);
  EXPECT_EQ(cost->points, 12U);
  EXPECT_NEAR(cost->request_cpu_s.value, truth.request, 1e-9);
  EXPECT_NEAR(cost->delivery_cpu_s.value, truth.delivery, 1e-9);
  EXPECT_NEAR(cost->base_cores.value, truth.base, 1e-5);
  EXPECT_NEAR(cost->idle_cores.value, truth.idle, 1e-8);
  EXPECT_NEAR(cost->publish_cpu_s.value, truth.publish, 1e-12);
  EXPECT_NEAR(cost->memory_each_bytes.value, 400, 1e-6);
  EXPECT_NEAR(cost->kernel_each_bytes.value, 5'000, 1e-6);
  EXPECT_NEAR(cost->request_up_bytes.value, 150, 1e-6);
  EXPECT_NEAR(cost->request_down_bytes.value, 120, 1e-6);
  EXPECT_NEAR(cost->delivery_down_bytes.value, 22, 1e-6);
  EXPECT_LT(cost->residual_worst, 1e-3);
  EXPECT_EQ(cost->clients_most, 1000);
}

TEST(CostModel, HeldOutCellsArePredictedAndNotFitted) {
  const TrueCosts truth;
  result::RunResult held;
  held.cells.push_back(
      cell_with(polling_cell(std::chrono::milliseconds(150)), 700, 700 / 0.15, 700 * 8, 8, truth));
  TrueCosts other = truth;
  other.request *= 2;  // would move the constants if it were fitted
  held.cells.push_back(
      cell_with(polling_cell(std::chrono::milliseconds(150)), 700, 700 / 0.15, 700 * 8, 8, other));
  const auto model = fitted(polled_run(truth), &held);
  const FamilyCost& cost = *model.find("polling");
  EXPECT_EQ(cost.points, 12U);
  ASSERT_EQ(cost.held_out.size(), 2U);
  EXPECT_NEAR(cost.held_out[0].error(), 0, 1e-3);
  EXPECT_LT(cost.held_out[1].error(), -0.2);
}

TEST(CostModel, NoiseWidensTheIntervalAroundTheTruth) {
  const TrueCosts truth;
  const auto model = fitted(polled_run(truth, 0.05));
  const FamilyCost& cost = *model.find("polling");
  EXPECT_LE(cost.request_cpu_s.low, truth.request);
  EXPECT_GE(cost.request_cpu_s.high, truth.request);
  EXPECT_GT(cost.request_cpu_s.high - cost.request_cpu_s.low, truth.request * 0.01);
  const Load load{500, 4000, 3000, 6};
  EXPECT_LE(cost.cores_low(load), cost.cores(load));
  EXPECT_GE(cost.cores_high(load), cost.cores(load));
}

// One event, one answer: request and delivery cannot be told apart, and the request stands for
// both.
TEST(CostModel, LongPollsThatNeverBatchHaveOneConstant) {
  const TrueCosts truth;
  result::RunResult run;
  for (const double clients : {100.0, 300.0, 900.0}) {
    for (const double rate : {1.0, 4.0}) {
      run.cells.push_back(
          cell_with(long_polling_cell(), clients, clients * rate, clients * rate, rate, truth));
    }
  }
  const FamilyCost cost = *fitted(run).find("long-polling");
  EXPECT_EQ(cost.delivery_cpu_s.state, Estimate::State::kInseparable);
  EXPECT_NEAR(cost.request_cpu_s.value, truth.request + truth.delivery, 1e-8);
}

TEST(CostModel, TooFewCellsAreAProblemAndNothingAFailure) {
  result::RunResult run = polled_run(TrueCosts{});
  run.cells.push_back(cell_with(websocket_cell(), 100, 0, 100, 1, TrueCosts{}));
  Observations seen;
  add_observations(run, false, seen);
  std::vector<std::string> problems;
  const auto model = fit_costs(seen.usable, problems);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->find("websocket"), nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems.front().find("websocket: 1 cells"), std::string::npos);
  problems.clear();
  EXPECT_FALSE(fit_costs({}, problems));
}

}  // namespace
}  // namespace pushbench::study
