#include "harness/swarm/cell_plan.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/thread_cost.h"

#include <gtest/gtest.h>

#include <unistd.h>

namespace pushbench::swarm {
namespace {

class CellPlanTest : public ::testing::Test {
 protected:
  CellPlanTest() {
    options_.pin = false;
    endpoint_.address = {asio::ip::address_v4::loopback(), 1};
  }
  PlannedCell planned(std::optional<int> own_server) {
    return plan_cell({.scenario = scenario_,
                      .cell = scenario_.strategies[0],
                      .options = options_,
                      .machine = machine_,
                      .endpoint = endpoint_,
                      .own_server = own_server,
                      .number = 0,
                      .sent = sent_});
  }
  plan::Scenario scenario_ = small_scenario();
  Machine machine_ = read_machine();
  RunOptions options_;
  SentTable sent_{64};
  transport::Endpoint endpoint_;
};

// Two runs against one server must not read each other's topics; a server of one's own has none.
TEST_F(CellPlanTest, OnAServerThatRunsAlreadyTopicsBearTheTagOfTheRun) {
  EXPECT_EQ(planned(getpid()).plan.topic_prefix, "t");
  const auto foreign = planned(std::nullopt).plan;
  EXPECT_TRUE(foreign.topic_prefix.starts_with("pb")) << foreign.topic_prefix;
}

TEST_F(CellPlanTest, ThereAreNeverMoreWorkersThanClients) {
  options_.workers = 100;
  EXPECT_EQ(planned(std::nullopt).plan.workers, scenario_.clients);
  options_.workers = 1;
  EXPECT_EQ(planned(std::nullopt).plan.workers, 1U);
}

// 100,000 connections cost more than a processor of the server: held to one it falls behind.
TEST_F(CellPlanTest, AServerOfSeveralThreadsSharesAllProcessorsWithItsClients) {
  const auto all = allowed_cpus();
  options_.pin = true;
  machine_.own_tables = true;
  machine_.descriptors_hard = 20'000;
  const auto few = planned(getpid()).plan.cpus;
  const auto left = allowed_cpus();
  pin_process(getpid(), all);
  EXPECT_EQ(few.size(), all.size() - (all.size() >= 2 ? 1 : 0));
  EXPECT_EQ(left, std::vector<int>({all.front()})) << "the server's own processor";
  scenario_.clients = 100'000;
  EXPECT_EQ(planned(getpid()).plan.cpus, all);
  EXPECT_EQ(allowed_cpus(), all);
}

// One of two processors is the server's; whoever polls on the other must be alone there.
TEST_F(CellPlanTest, ClientsPollBusilyOnlyWhereTheyHaveProcessorsOfTheirOwn) {
  const auto all = allowed_cpus();
  ASSERT_GE(all.size(), 2U) << "tests want two processors";
  options_.busy_poll = true;
  EXPECT_FALSE(planned(getpid()).plan.busy_poll) << "not pinned";
  options_.pin = true;
  const bool alone = planned(getpid()).plan.busy_poll;
  pin_process(getpid(), all);
  EXPECT_TRUE(alone);
  EXPECT_FALSE(planned(std::nullopt).plan.busy_poll) << "the server is anywhere";
  options_.workers = static_cast<std::uint32_t>(all.size());
  const bool crowded = planned(getpid()).plan.busy_poll;
  pin_process(getpid(), all);
  EXPECT_FALSE(crowded);
}

TEST_F(CellPlanTest, OnlyOnLoopbackClientsHaveAddressesOfTheirOwn) {
  EXPECT_TRUE(planned(std::nullopt).client_net);
  EXPECT_FALSE(planned(std::nullopt).plan.sources.empty());
  endpoint_.address.address(asio::ip::make_address_v4("192.0.2.1"));
  EXPECT_FALSE(planned(std::nullopt).client_net);
  EXPECT_TRUE(planned(std::nullopt).plan.sources.empty());
}

TEST_F(CellPlanTest, OnlyWhereTheirNumberChangesClientsHaveVisits) {
  EXPECT_TRUE(planned(std::nullopt).plan.visits.empty());
  EXPECT_TRUE(planned(std::nullopt).plan.owed.empty());
  scenario_.clients_profile = std::make_shared<const plan::Profile>(
      plan::Profile{.shape = plan::Profile::Shape::kSteps,
                    .steps = {{Nanos(0), 1}, {std::chrono::milliseconds(100), 4}}});
  EXPECT_EQ(planned(std::nullopt).plan.visits.size(), 4U);
  EXPECT_EQ(planned(std::nullopt).plan.owed.size(), 4U * scenario_.topics_per_client);
}

}  // namespace
}  // namespace pushbench::swarm
