#include "harness/app/model_text.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

using State = study::Estimate::State;

study::CostModel a_model() {
  study::FamilyCost cost;
  cost.family = "polling";
  cost.points = 7;
  cost.clients_most = 1000;
  cost.residual_median = 0.031;
  cost.residual_worst = 0.12;
  cost.request_cpu_s = {9e-6, 8e-6, 10e-6, State::kFitted};
  cost.delivery_cpu_s = {0, 0, 0, State::kInseparable};
  cost.idle_cores = {0, 0, 0, State::kHeldAtZero};
  cost.held_out = {
      {"a cell", {0.02, 0.021}, study::Foretold{1e6, 1.02e6}, std::nullopt, std::nullopt}};
  study::CostModel model;
  model.source = "fitted from 2 results";
  model.machine = "a machine";
  model.date = "2026-11-26T06:22:00Z";
  model.families = {cost};
  return model;
}

TEST(ModelText, ShowsConstantsTheirIntervalsAndTheHoldOut) {
  const std::string text = describe_model(a_model());
  for (const char* word :
       {"9.00 µs", "8.00 µs", "10.0 µs", "in the others", "0, none seen", "3.1 % of processor time",
        "12 % in the worst", "0.021 cores instead of", "(+5 %), memory +2.0 %.", "2026-11-26"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  }
  EXPECT_EQ(text.find("far off"), std::string::npos);
}

TEST(ModelText, AHoldOutThatMissesIsSaid) {
  auto model = a_model();
  model.families.front().held_out.front().cores.predicted = 0.03;
  EXPECT_NE(describe_model(model).find("far off"), std::string::npos);
}

// What nothing tells must not read like what costs nothing.
TEST(ModelText, IdleClientsThatWereNotMeasuredAreSaidToBe) {
  auto model = a_model();
  EXPECT_EQ(describe_model(model).find("not measured"), std::string::npos);
  model.families.front().idle_cores = {};
  EXPECT_NE(describe_model(model).find("an idle client   not measured"), std::string::npos)
      << describe_model(model);
  // Nobody holds a connection.
  model.families.front().family = "polling,new-connection";
  EXPECT_EQ(describe_model(model).find("not measured"), std::string::npos);
}

TEST(ModelText, TheScalingLawIsOneSentence) {
  auto model = a_model();
  model.scaling = study::ScalingLaw{.single = 140'000,
                                    .contention = {0.03, 0.02, 0.04, State::kFitted},
                                    .coherency = {0.0004, 0.0003, 0.0005, State::kFitted},
                                    .largest_n = 32,
                                    .residual_worst = 0.01};
  EXPECT_NE(describe_model(model).find("most at 49"), std::string::npos) << describe_model(model);
}

}  // namespace
}  // namespace pushbench::app
