// Cells whose server follows known costs, for the tests of this room.
#pragma once

#include "harness/base/nanos.h"
#include "harness/result/run_result.h"
#include "harness/study/cost_model.h"
#include "harness/study/workload.h"

#include <cmath>

namespace pushbench::study {

struct TrueCosts {
  double base = 0.004, idle = 2e-7, request = 6e-6, delivery = 3e-6, publish = 2e-5, wake = 0,
         cold = 0;
};

// Ten seconds of `clients` clients that ask `requests` times a second and get `deliveries` events.
inline result::CellResult cell_with(const plan::StrategySpec& strategy,
                                    double clients,
                                    double requests,
                                    double deliveries,
                                    double publishes,
                                    const TrueCosts& costs,
                                    double noise = 0) {
  constexpr double kSeconds = 10;
  result::CellResult cell;
  cell.strategy = strategy;
  cell.name = strategy.cell_name();
  cell.clients = static_cast<std::uint32_t>(clients);
  cell.measure_s = kSeconds;
  cell.finished = true;
  cell.events_measured = static_cast<std::uint64_t>(publishes * kSeconds);
  const auto count = [&](result::Counter counter, double per_second) {
    cell.counters[counter] = static_cast<std::uint64_t>(std::llround(per_second * kSeconds));
  };
  count(result::Counter::kReceived, deliveries);
  count(result::Counter::kRequests, requests);
  count(result::Counter::kHeadUp, requests * 150);
  // An empty answer has a head of its own; the seldomer something is published, the more there are.
  const double empty = strategy.strategy == "polling" ? requests / (1 + publishes) : 0;
  count(result::Counter::kEmptyPolls, empty);
  count(result::Counter::kHeadDown, (requests - empty) * 120 + empty * 90);
  count(result::Counter::kFramingDown, deliveries * 22);
  const double cores = costs.base + clients * costs.idle + requests * costs.request +
                       deliveries * costs.delivery +
                       cold_deliveries(deliveries, publishes) * costs.cold +
                       publishes * (costs.publish + costs.wake);
  result::ServerCost server;
  server.cpu_ns = static_cast<std::uint64_t>(cores * (1 + noise) * kSeconds * 1e9);
  server.publish_cpu_ns = static_cast<std::uint64_t>(costs.publish * 1e9);
  server.connections = cell.clients;
  server.memory_base_bytes = 5'000'000;
  server.memory_bytes = 5'000'000 + std::uint64_t{cell.clients} * 400;
  server.kernel_base_bytes = 100'000'000;
  server.kernel_bytes = 100'000'000 + std::uint64_t{cell.clients} * 5'000;
  cell.server = server;
  return cell;
}

// Polls 0.1 and 0.2 s apart of 100 to 1,000 clients at two rates. Of three cells one is off by
// `noise` and the others by half of it the other way, which follows neither clients nor rates.
inline result::RunResult polled_run(const TrueCosts& costs, double noise = 0) {
  result::RunResult run;
  for (const double clients : {100.0, 400.0, 1000.0}) {
    for (const double interval : {0.1, 0.2}) {
      for (const double rate : {1.0, 20.0}) {
        const auto cell = polling_cell(nanos_of(interval));
        run.cells.push_back(cell_with(cell, clients, clients / interval, clients * rate, rate,
                                      costs, run.cells.size() % 3 == 0 ? noise : -noise / 2));
      }
    }
  }
  return run;
}

// `clients` clients that only wait.
inline result::CellResult idle_cell(const plan::StrategySpec& strategy,
                                    double clients,
                                    const TrueCosts& costs,
                                    double noise = 0) {
  return cell_with(strategy, clients, 0, 0, 0, costs, noise);
}

}  // namespace pushbench::study
