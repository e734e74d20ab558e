#include "harness/app/gate_cli.h"

#include "harness/app/cli_options.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(GateCli, CompareTakesItsWords) {
  CLI::App app;
  GateArguments gate;
  Action action;
  add_gate(app, gate, action);
  app.parse(
      "compare chat --base-bin a --head-bin b --repeats 12 --out there --policy p.yaml "
      "--noise n.json --format md --full --force-env --exit-zero-on 5 --clients 50");
  const auto& compare = gate.compare;
  EXPECT_EQ(compare.words, std::vector<std::string>{"chat"});
  EXPECT_EQ(compare.base_bin, "a");
  EXPECT_EQ(compare.head_bin, "b");
  EXPECT_EQ(compare.runs.repeats, 12U);
  EXPECT_EQ(compare.runs.out, "there");
  EXPECT_EQ(compare.runs.overrides.clients, "50");
  EXPECT_EQ(compare.policy, "p.yaml");
  EXPECT_EQ(compare.noise, "n.json");
  EXPECT_EQ(compare.format, "md");
  EXPECT_TRUE(compare.full);
  EXPECT_TRUE(compare.force_environment);
  EXPECT_FALSE(compare.force_scenario);
  EXPECT_EQ(compare.exit_zero_on, std::vector<int>{5});
  EXPECT_TRUE(action);
}

TEST(GateCli, TenRunsASideUnlessSaid) {
  EXPECT_EQ(GateArguments().compare.runs.repeats, 10U);
}

}  // namespace
}  // namespace pushbench::app
