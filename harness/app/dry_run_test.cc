#include "harness/app/dry_run.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

plan::Scenario quick() {
  return *plan::load_scenario(*find_scenario("quick"));
}

TEST(DryRun, NamesEveryCellAndTheTotal) {
  const auto scenario = quick();
  const std::string text = describe_needs(scenario, swarm::read_machine(), true);
  for (const auto& cell : scenario.strategies) {
    EXPECT_NE(text.find(cell.cell_name()), std::string::npos) << text;
  }
  EXPECT_NE(text.find("descriptors in one process"), std::string::npos);
}

TEST(DryRun, LinesFitATerminal) {
  std::string text = describe_needs(quick(), swarm::read_machine(), true);
  while (!text.empty()) {
    const auto end = text.find('\n');
    EXPECT_LE(end, 80U) << text.substr(0, end);
    text.erase(0, end + 1);
  }
}

TEST(DryRun, WhatThisMachineCannotDoExitsTwo) {
  auto scenario = quick();
  Captured fits;
  EXPECT_EQ(dry_run(scenario, true, fits.streams()), 0);
  scenario.clients = 900'000;
  Captured captured;
  EXPECT_EQ(dry_run(scenario, true, captured.streams()), 2);
  EXPECT_NE(captured.out().find("SHORT: "), std::string::npos) << captured.out();
}

}  // namespace
}  // namespace pushbench::app
