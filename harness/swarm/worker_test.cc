#include "harness/swarm/worker.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using result::Counter;
using std::chrono::milliseconds;

// From now on.
Timeline measuring_for(Nanos measure) {
  return {.cell_start = steady_now(),
          .publish_start = steady_now(),
          .warmup = Nanos(0),
          .measure = measure,
          .started = true};
}

TEST(Worker, PollsWithAllItsClientsAndStops) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  const auto scenario = small_scenario();
  const auto plan = small_plan(scenario, server.endpoint());
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().subscribed == 4; }));
  worker.begin(measuring_for(std::chrono::seconds(60)));
  ASSERT_TRUE(wait_for([&] { return server.requests() > 20; }));
  const auto cell = ended(worker);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 4U);
  EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 4U);
  EXPECT_EQ(cell.counters[Counter::kSocketsCut], 0U);
  EXPECT_GT(cell.counters[Counter::kEmptyPolls], 0U);
  EXPECT_EQ(cell.counters[Counter::kAnswers], cell.counters[Counter::kEmptyPolls]);
  EXPECT_GT(worker.window_cost().cpu_ns, 0U);
}

// Connect, question and answer over an emulated link: two round trips, as arithmetic says.
TEST(Worker, ALinkDelaysItsClients) {
  TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
  auto scenario = small_scenario();
  scenario.link = {.rtt = milliseconds(20)};
  const auto plan = small_plan(scenario, server.endpoint());
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return worker.live().subscribed == 4; }));
  worker.begin(measuring_for(std::chrono::seconds(60)));
  const auto before = server.requests();
  ASSERT_TRUE(wait_for([&] { return server.requests() > before + 20; }));
  const auto cell = ended(worker);
  EXPECT_GE(cell.setup.quantile(0.01), milliseconds(39));  // a histogram keeps three digits
  EXPECT_GT(cell.link_error.count(), 20U);
  EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 4U);
  EXPECT_EQ(cell.counters[Counter::kSocketsCut], 0U);
}

// Over an emulated link too, which another loop serves.
TEST(Worker, BusyPollingServesItsClientsAndItsOwnCostIsUnknown) {
  for (const bool linked : {false, true}) {
    TinyServer server([](const std::string&, const std::string&) { return kNoContent; });
    auto scenario = small_scenario();
    if (linked) {
      scenario.link = {.rtt = milliseconds(2)};
    }
    auto plan = small_plan(scenario, server.endpoint());
    plan.busy_poll = true;
    Worker worker(plan, 0);
    worker.launch(steady_now());
    ASSERT_TRUE(wait_for([&] { return worker.live().subscribed == 4; }));
    worker.begin(measuring_for(milliseconds(50)));
    const auto before = server.requests();
    ASSERT_TRUE(wait_for([&] { return server.requests() > before + 20; }));
    const auto cell = ended(worker);
    EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 4U);
    EXPECT_EQ(worker.window_cost().cpu_ns, 0U);
  }
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
  const auto cell = ended(worker);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 0U);
  EXPECT_EQ(cell.counters[Counter::kSocketsFailed],
            cell.connect_faults[static_cast<std::size_t>(Fault::kRefused)]);
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
  const auto cell = ended(worker);
  EXPECT_GE(cell.counters[Counter::kReconnects], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened],
            cell.counters[Counter::kSocketsClosedWell] + cell.counters[Counter::kSocketsCut]);
  EXPECT_GE(cell.counters[Counter::kSocketsCut], 2U);
}

// Each of them, and those of later attempts: the limit is far shorter than the others.
TEST(Worker, AnAnswerThatStaysAwayIsGivenUpEveryTime) {
  constexpr std::uint64_t kAttempts = 3;
  TinyServer server([](const std::string&, const std::string&) { return "HTTP/1.1 200 OK\r\n"; });
  const auto scenario = small_scenario();
  auto plan = small_plan(scenario, server.endpoint());
  plan.limits.answer_timeout = milliseconds(100);
  Worker worker(plan, 0);
  worker.launch(steady_now());
  ASSERT_TRUE(wait_for([&] { return server.requests() > kAttempts * scenario.clients; }));
  const auto cell = ended(worker);
  EXPECT_GE(cell.request_faults[static_cast<std::size_t>(Fault::kTimeout)], kAttempts);
  EXPECT_EQ(cell.counters[Counter::kRequestsAnswered], 0U);
}

// What a server may do to a request, for every strategy: it has its class, and the accounts of
// requests and sockets come out also when the worker is stopped in the middle of it all.
struct Trouble {
  const char* name;
  std::string answer;
  std::vector<Fault> faults;  // any of these
};

std::vector<Trouble> troubles() {
  return {{"status",
           "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
           {Fault::kHttpStatus}},
          {"close", "", {Fault::kClosed, Fault::kReset}},
          {"garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n", {Fault::kBadHead}},
          {"empty",
           "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
           {Fault::kBadEvent, Fault::kHttpStatus}}};
}

std::vector<plan::StrategySpec> strategies() {
  std::vector<plan::StrategySpec> out(6);
  out[0].strategy = out[1].strategy = "polling";
  out[0].interval = out[1].interval = std::chrono::milliseconds(20);
  out[1].new_connection = true;
  out[2].strategy = "long-polling";
  out[3].strategy = out[4].strategy = "streaming";
  out[4].encoding = "sse";
  out[5].strategy = "websocket";
  return out;
}

TEST(Worker, AccountsComeOutWhateverTheServerDoes) {
  for (const auto& trouble : troubles()) {
    for (const auto& strategy : strategies()) {
      const std::string what = std::string(trouble.name) + " " + strategy.cell_name();
      TinyServer server([&](const std::string&, const std::string&) { return trouble.answer; });
      auto scenario = small_scenario();
      scenario.strategies = {strategy};
      const auto plan = small_plan(scenario, server.endpoint());
      Worker worker(plan, 0);
      worker.launch(steady_now());
      ASSERT_TRUE(wait_for([&] { return server.requests() >= 6; })) << what;
      const auto cell = ended(worker);
      std::uint64_t named = 0;
      for (const auto fault : trouble.faults) {
        named += cell.request_faults[static_cast<std::size_t>(fault)];
      }
      EXPECT_GE(cell.counters[Counter::kRequestsFailed], 2U) << what;
      EXPECT_EQ(named, cell.counters[Counter::kRequestsFailed]) << what;
      EXPECT_EQ(cell.counters[Counter::kRequestsAnswered], 0U) << what;
    }
  }
}

// Requests that a server holds are open when the end comes, and no fault.
TEST(Worker, WhatStopEndsIsOpenAtTheEnd) {
  for (const auto& strategy : strategies()) {
    TinyServer server(
        [&](const std::string&, const std::string&) { return "HTTP/1.1 200 OK\r\n"; });
    auto scenario = small_scenario();
    scenario.strategies = {strategy};
    const auto plan = small_plan(scenario, server.endpoint());
    Worker worker(plan, 0);
    worker.launch(steady_now());
    ASSERT_TRUE(wait_for([&] { return server.requests() >= 4; })) << strategy.cell_name();
    const auto cell = ended(worker);
    EXPECT_EQ(cell.counters[Counter::kRequestsSent], 4U) << strategy.cell_name();
    EXPECT_EQ(cell.counters[Counter::kRequestsOpenAtEnd], 4U) << strategy.cell_name();
    EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 4U) << strategy.cell_name();
  }
}

}  // namespace
}  // namespace pushbench::swarm
