#include "harness/app/run_setup.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(RunSetup, NamedScenariosAreCheckedWithTheirThresholds) {
  EXPECT_TRUE(load_named_scenario("quick", {}));
  const auto missing = load_named_scenario("qick", {});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().text.find("did you mean 'quick'"), std::string::npos);
  plan::Overrides overrides;
  overrides.clients = "none";
  EXPECT_FALSE(load_named_scenario("quick", overrides));
}

TEST(RunSetup, TheOwnServersLogHoldsWhatTheSlowestReaderNeeds) {
  auto scenario = *load_named_scenario("quick", {});
  scenario.events.rate_per_s = 100'000;
  const auto options = make_options({}, scenario);
  ASSERT_TRUE(options);
  const auto argv = options->server_command(scenario.strategies.front());
  const auto at = std::find(argv.begin(), argv.end(), "--log-events");
  ASSERT_NE(at, argv.end());
  EXPECT_GE(std::stoull(*(at + 1)), 200'000U);
}

TEST(RunSetup, WhatThisMachineCannotMakeIsRefusedByName) {
  auto scenario = *load_named_scenario("quick", {});
  EXPECT_TRUE(refuse_shortages(scenario, true));
  scenario.clients = 100'000'000;
  const auto refused = refuse_shortages(scenario, true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
}

TEST(RunSetup, SparseSourcesAreThoseOfOtherHosts) {
  EXPECT_TRUE(spare_sources(std::nullopt));
  transport::Endpoint endpoint;
  endpoint.address = {asio::ip::make_address("10.0.0.1"), 80};
  EXPECT_FALSE(spare_sources(endpoint));
}

}  // namespace
}  // namespace pushbench::app
