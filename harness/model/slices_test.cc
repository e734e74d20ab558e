#include "harness/model/slices.h"

#include <gtest/gtest.h>

#include <memory>

namespace pushbench::model {
namespace {

using namespace std::chrono_literals;
using plan::Profile;

plan::Scenario an_hour() {
  plan::Scenario scenario;
  scenario.phases.warmup = 10s;
  scenario.phases.measure = 1h;
  scenario.clients = 50;
  scenario.events.rate_per_s = 20;
  return scenario;
}

TEST(Slices, ASteadyLoadHasNone) {
  EXPECT_TRUE(slices_of(an_hour()).empty());
  EXPECT_DOUBLE_EQ(joining_clients(an_hour()), 0);
}

TEST(Slices, AddUpToTheWindow) {
  auto scenario = an_hour();
  scenario.events.profile = std::make_shared<const Profile>(
      Profile{.shape = Profile::Shape::kRamp, .from = 10, .to = 30, .over = plan::Nanos(1h)});
  double time = 0;
  double events = 100;  // of the warm-up, at the first rate
  for (const auto& slice : slices_of(scenario)) {
    EXPECT_NEAR(slice.begin_s, 10 + time, 1e-6);
    EXPECT_NEAR(slice.before, events, 1e-6);
    EXPECT_DOUBLE_EQ(slice.clients, 50);
    time += slice.length_s;
    events += slice.rate_per_s * slice.length_s;
  }
  EXPECT_NEAR(time, 3600, 1e-6);
  EXPECT_NEAR(events, 100 + 20 * 3600, 1e-6);
}

TEST(Slices, ClientsChangeWithTheirProfile) {
  auto scenario = an_hour();
  scenario.clients_profile = std::make_shared<const Profile>(
      Profile{.shape = Profile::Shape::kSteps, .steps = {{0s, 10}, {30min, 50}}});
  const auto slices = slices_of(scenario);
  EXPECT_DOUBLE_EQ(slices.front().clients, 10);
  EXPECT_NEAR(slices.back().clients, 50, 1e-9);
  EXPECT_DOUBLE_EQ(slices.back().rate_per_s, 20);
  EXPECT_DOUBLE_EQ(joining_clients(scenario), 40);
}

TEST(Slices, APauseIsNextToNothing) {
  auto scenario = an_hour();
  scenario.events.profile = std::make_shared<const Profile>(
      Profile{.shape = Profile::Shape::kSteps, .steps = {{0s, 10}, {30min, 0}}});
  EXPECT_GT(slices_of(scenario).back().rate_per_s, 0);
  EXPECT_LT(slices_of(scenario).back().rate_per_s, 1e-6);
}

}  // namespace
}  // namespace pushbench::model
