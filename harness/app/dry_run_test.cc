#include "harness/app/dry_run.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

#include <sstream>

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

TEST(DryRun, ShowsTheLinkAndTheDrainThatItAsksFor) {
  auto scenario = quick();
  scenario.phases.drain = std::chrono::seconds(1);
  scenario.link = {.rtt = std::chrono::milliseconds(200), .down = 20'000'000};
  const std::string text = describe_needs(scenario, swarm::read_machine(), true);
  EXPECT_NE(text.find("drain takes up to 2.20 s instead of 1.00 s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("link: 200ms round trip, 20Mbit/s down per client\n"), std::string::npos)
      << text;
}

TEST(DryRun, LinesFitATerminal) {
  for (const auto* name : {"quick", "daily"}) {
    const auto scenario = *plan::load_scenario(*find_scenario(name));
    std::string text = describe_needs(scenario, swarm::read_machine(), true);
    while (!text.empty()) {
      const auto end = text.find('\n');
      EXPECT_LE(end, 80U) << text.substr(0, end);
      text.erase(0, end + 1);
    }
  }
}

// 22 a second over 48 s.
TEST(DryRun, ALoadThatChangesIsAddedUp) {
  const std::string text =
      describe_needs(*plan::load_scenario(*find_scenario("daily")), swarm::read_machine(), true);
  EXPECT_NE(text.find("1,056 events measured"), std::string::npos) << text;
  EXPECT_NE(text.find("(time-compressed 1,800"), std::string::npos) << text;
}

TEST(DryRun, WhatThisMachineCannotDoExitsTwo) {
  auto scenario = quick();
  Captured fits;
  EXPECT_EQ(dry_run(scenario, true, fits.streams()), 0);
  scenario.clients = 10'000'000;
  Captured captured;
  EXPECT_EQ(dry_run(scenario, true, captured.streams()), 2);
  std::istringstream lines(captured.out());
  int short_of_descriptors = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("SHORT: ")) {
      EXPECT_TRUE(line.starts_with("SHORT: every cell needs ")) << line;
      short_of_descriptors += line.find(" descriptors ") == std::string::npos ? 0 : 1;
    }
  }
  EXPECT_EQ(short_of_descriptors, 1) << captured.out();
}

TEST(DryRun, OneCellIsOne) {
  auto scenario = quick();
  EXPECT_NE(describe_needs(scenario, swarm::read_machine(), true).find(" cells\n"),
            std::string::npos);
  scenario.strategies.resize(1);
  EXPECT_NE(describe_needs(scenario, swarm::read_machine(), true).find(": 1 cell\n"),
            std::string::npos);
}

}  // namespace
}  // namespace pushbench::app
