// A small cell for the tests of this room.
#pragma once

#include "harness/result/accounts.h"
#include "harness/swarm/worker.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {

inline plan::Scenario small_scenario() {
  using std::chrono::milliseconds;
  plan::Scenario s;
  s.name = "small";
  s.clients = 4;
  s.topics = 2;
  s.events.rate_per_s = 100;
  s.events.arrival = plan::Arrival::kConstant;
  s.phases = {.ramp = milliseconds(10),
              .warmup = milliseconds(100),
              .measure = milliseconds(400),
              .drain = milliseconds(100)};
  plan::StrategySpec cell{.strategy = "polling"};
  cell.interval = milliseconds(50);
  s.strategies = {cell};
  return s;
}

inline CellPlan small_plan(const plan::Scenario& scenario, const transport::Endpoint& endpoint) {
  return {.scenario = scenario,
          .cell = scenario.strategies.front(),
          .endpoint = endpoint,
          .dialect = *transport::find_dialect("native"),
          .limits = {},
          .sources = {},
          .counts = plan::count_events(scenario),
          .run_tag = 5,
          .topic_prefix = "t",
          .workers = 1,
          .cpus = {}};
}

inline constexpr const char* kNoContent = "HTTP/1.1 204 No Content\r\nETag: \"0\"\r\n\r\n";

// What the worker counted, once it has ended; nothing was published.
inline result::CellResult ended(Worker& worker) {
  worker.stop();
  worker.join();
  result::CellResult cell;
  CellFigures figures;
  worker.settle({0, 0}, {0, 0});
  worker.recorder().merge_into(cell, figures);
  EXPECT_EQ(result::imbalance_of(cell), "");
  return cell;
}

// True when `done` held within the bound.
template <class Done>
bool wait_for(Done done, Nanos bound = std::chrono::seconds(10)) {
  const TimePoint until = steady_now() + bound;
  while (!done()) {
    if (steady_now() > until) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

}  // namespace pushbench::swarm
