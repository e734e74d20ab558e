#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace pushbench::swarm {
namespace {

using result::Counter;
using std::chrono::milliseconds;
using Shape = plan::Profile::Shape;

// Two are there from the ramp on, six come at once, five leave at once.
plan::Scenario changing_scenario() {
  auto scenario = small_scenario();
  scenario.clients_profile = std::make_shared<const plan::Profile>(plan::Profile{
      .shape = Shape::kSteps,
      .steps = {{milliseconds(0), 2}, {milliseconds(50), 8}, {milliseconds(1200), 3}}});
  scenario.clients = 8;
  scenario.phases.measure = milliseconds(2000);
  return scenario;
}

CellPlan changing_plan(const plan::Scenario& scenario, const transport::Endpoint& endpoint) {
  CellPlan plan = small_plan(scenario, endpoint);
  plan.visits = plan::changing_visits(scenario);
  plan.owed = plan::owed_ordinals(scenario, scenario.strategies.front());
  return plan;
}

Timeline starting_now() {
  return {.cell_start = steady_now(),
          .publish_start = steady_now(),
          .warmup = milliseconds(100),
          .measure = milliseconds(2000),
          .started = true};
}

TEST(WorkerVisits, ClientsComeAndLeaveAsPlanned) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  const auto scenario = changing_scenario();
  const auto plan = changing_plan(scenario, server.endpoint());
  ASSERT_EQ(plan.visits.size(), 8U);
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().subscribed == 2; }));
  worker.begin(starting_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().subscribed == 8; }));
  ASSERT_TRUE(wait_for([&] { return worker.live().left == 5 && worker.live().sockets_open == 3; }));
  const auto cell = ended(worker);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 8U);
  EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 8U);
  EXPECT_EQ(cell.counters[Counter::kSocketsCut], 0U);
  EXPECT_EQ(cell.counters[Counter::kReconnects], 0U);
  EXPECT_EQ(cell.counters[Counter::kLost], 0U);
}

TEST(WorkerVisits, WorkersShareTheVisits) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  const auto scenario = changing_scenario();
  auto plan = changing_plan(scenario, server.endpoint());
  plan.workers = 3;
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::uint32_t i = 0; i < plan.workers; ++i) {
    workers.push_back(std::make_unique<Worker>(plan, i));
    workers.back()->launch(steady_now());
  }
  for (auto& worker : workers) {
    worker->begin(starting_now());
  }
  const auto sum = [&] {
    LiveSum all;
    for (auto& worker : workers) {
      all += worker->live();
    }
    return all;
  };
  EXPECT_TRUE(wait_for([&] { return sum().subscribed == 8 && sum().present() == 3; }));
}

// Clients that cannot connect leave too, and are no failure by leaving.
TEST(WorkerVisits, WhoNeverGotInLeavesQuietly) {
  transport::Endpoint nowhere;
  {
    TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
    nowhere = server.endpoint();
  }
  const auto scenario = changing_scenario();
  const auto plan = changing_plan(scenario, nowhere);
  Worker worker(plan, 0);
  worker.launch(steady_now());
  worker.begin(starting_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().failed >= 8; }));
  const auto cell = ended(worker);
  EXPECT_EQ(worker.live().left, 0U);
  EXPECT_EQ(cell.counters[Counter::kSocketsFailed],
            cell.connect_faults[static_cast<std::size_t>(Fault::kRefused)]);
}

}  // namespace
}  // namespace pushbench::swarm
