// What all workers of a cell share, from the scenario, the options of the run and the machine: how
// many workers there are, where they may run, from which addresses they connect, how long they
// wait. Gives a server that was started here a processor of its own; one that needs several threads
// would be held up there, and shares all processors with its clients.
#pragma once

#include "harness/swarm/census.h"
#include "harness/swarm/machine.h"
#include "harness/swarm/run.h"
#include "harness/swarm/worker.h"

#include <cstddef>
#include <optional>

namespace pushbench::swarm {

struct CellGround {
  const plan::Scenario& scenario;
  const plan::StrategySpec& cell;
  const RunOptions& options;
  const Machine& machine;
  const transport::Endpoint& endpoint;
  std::optional<int> own_server;  // process that was started for this cell
  std::size_t number = 0;         // of the cell in the run, 0-based
  SentTable& sent;
};

struct PlannedCell {
  CellPlan plan;
  std::optional<Census::Net> client_net;  // where the clients have addresses of their own
};

// Scenario, cell and table must outlive the plan.
PlannedCell plan_cell(const CellGround& ground);

}  // namespace pushbench::swarm
