#include "harness/swarm/worker.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using result::Counter;

result::CellResult end(Worker& worker) {
  worker.stop();
  worker.join();
  result::CellResult cell;
  std::vector<SecondPoint> seconds;
  worker.recorder().merge_into(cell, seconds);
  return cell;
}

TEST(Worker, PollsWithAllItsClientsAndStops) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  const auto scenario = small_scenario();
  const auto plan = small_plan(scenario, server.endpoint());
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().subscribed == 4; }));
  worker.begin({.cell_start = steady_now(),
                .publish_start = steady_now(),
                .warmup = Nanos(0),
                .measure = std::chrono::seconds(60),
                .started = true});
  ASSERT_TRUE(wait_for([&] { return server.requests() > 20; }));
  const auto cell = end(worker);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 4U);
  EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 4U);
  EXPECT_EQ(cell.counters[Counter::kSocketsCut], 0U);
  EXPECT_GT(cell.counters[Counter::kEmptyPolls], 0U);
  EXPECT_EQ(cell.counters[Counter::kAnswers], cell.counters[Counter::kEmptyPolls]);
  EXPECT_GT(worker.window_cost().cpu_ns, 0U);
}

TEST(Worker, SharesTheClientsWithItsPeers) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  auto scenario = small_scenario();
  scenario.clients = 5;
  auto plan = small_plan(scenario, server.endpoint());
  plan.workers = 2;
  Worker first(plan, 0);
  Worker second(plan, 1);
  first.launch(steady_now());
  second.launch(steady_now());
  EXPECT_TRUE(
      wait_for([&] { return first.live().subscribed == 3 && second.live().subscribed == 2; }));
}

TEST(Worker, NobodyListeningIsCountedNotHidden) {
  transport::Endpoint nowhere;
  {
    TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
    nowhere = server.endpoint();
  }
  const auto scenario = small_scenario();
  const auto plan = small_plan(scenario, nowhere);
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().failed >= 4; }));
  const auto cell = end(worker);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 0U);
  EXPECT_EQ(cell.counters[Counter::kSocketsFailed],
            cell.faults[static_cast<std::size_t>(Fault::kRefused)]);
}

TEST(Worker, ReconnectsWithBackoffWhenCut) {
  std::atomic<int> answered{0};
  TinyServer server([&](const std::string&, const std::string&) -> std::string {
    return answered++ % 3 == 2 ? "" : kNoContent;
  });
  auto scenario = small_scenario();
  scenario.clients = 1;
  const auto plan = small_plan(scenario, server.endpoint());
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return answered > 6; }));
  const auto cell = end(worker);
  EXPECT_GE(cell.counters[Counter::kReconnects], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened],
            cell.counters[Counter::kSocketsClosedWell] + cell.counters[Counter::kSocketsCut]);
  EXPECT_GE(cell.counters[Counter::kSocketsCut], 2U);
}

}  // namespace
}  // namespace pushbench::swarm
