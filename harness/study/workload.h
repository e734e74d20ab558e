// A workload as somebody who plans states it: what each client receives, not what is published.
// And its closed forms (harness/model), per second in a steady state. Pure.
#pragma once

#include "harness/model/predict.h"
#include "harness/plan/scenario.h"
#include "harness/study/cost_model.h"

#include <string>
#include <vector>

namespace pushbench::study {

inline constexpr double kSteadySeconds = 120;  // of the window that closed forms are taken over
inline constexpr double kMostClients = 1e9;

struct Workload {
  double clients = 1000;
  double events_per_client_per_s = 0.1;
  double payload_bytes = 128;
  double fan_out = 1;    // clients that one event goes to
  bool poisson = true;   // else evenly spaced
  double one_way_s = 0;  // half of the round trip
  double upstream_per_client_per_s = 0;
  double upstream_payload_bytes = 64;

  double topics() const;
  double deliveries_per_s() const { return clients * events_per_client_per_s; }
  double publishes_per_s() const { return deliveries_per_s() / fan_out; }
};

// Rates of all clients together.
struct Flow {
  model::Latency latency;  // without the time that processors need
  double requests_per_s = 0;
  double empty_share = 0;
  double connections = 0;  // held by clients
  double sockets = 0;      // open at once, on the server
  double time_wait = 0;    // at the side that closes first
  model::Bytes bytes_per_s;
  double ip_bytes_per_s = 0;  // both directions
  double upstream_bytes_per_s = 0;
  // Heads of IP and TCP are taken for half in each direction: a segment and its acknowledgement.
  double ip_down_bytes_per_s() const;
};
Flow flow_of(const Workload& workload, const plan::StrategySpec& cell);

// The same workload for a run, of `clients` clients.
plan::Scenario scenario_of(const Workload& workload, const std::vector<plan::StrategySpec>& cells);

// Every client has its first poll behind it when measuring begins: what that one fetches depends on
// when its client came.
void settle_polls(plan::Scenario& scenario);

plan::StrategySpec polling_cell(plan::Nanos interval, bool new_connection = false);
plan::StrategySpec long_polling_cell();
plan::StrategySpec streaming_cell(const std::string& encoding);
plan::StrategySpec websocket_cell();

}  // namespace pushbench::study
