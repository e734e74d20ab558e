// What a cell of a result says about cost: load on one side, what the server paid on the other, in
// base units (seconds, bytes, per second). A cell that did not finish, lost or could not publish
// events, or kept a processor of the server busy all the time is no observation: costs are linear
// only below that. One in which nothing was due and nothing asked is one: of what idle clients
// cost. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::study {

inline constexpr double kSaturatedShare = 0.95;  // of a processor: latency, not cost, is measured

// What drives costs, per second.
struct Load {
  double connections = 0;
  double requests_per_s = 0;
  double deliveries_per_s = 0;
  double publishes_per_s = 0;
  double empty_per_s = 0;  // of the requests, those whose answer holds no event
  bool operator==(const Load&) const = default;
};

struct Observation {
  std::string family;  // see family_of()
  std::string cell;    // "websocket, 400 clients, 3,200 deliveries/s"
  bool held_out = false;

  double clients = 0;
  double connections = 0;  // of clients, held
  double requests_per_s = 0;
  double deliveries_per_s = 0;
  double publishes_per_s = 0;
  double empty_per_s = 0;
  // The same before anything ran, from scenario and closed forms; as measured where there are none.
  Load asked;

  double cores = 0;                    // processor time of the server per second
  double publish_cpu_s = 0;            // per event that nobody subscribes to; 0: not measured
  std::optional<double> memory_bytes;  // resident, all of the process
  std::optional<double> kernel_growth_bytes;  // of the host, for these connections, both ends
  double overhead_up_bytes_per_s = 0;         // heads and framing that clients sent
  double overhead_down_bytes_per_s = 0;       // … and received
  double payload_bytes_per_s = 0;

  // Clients that only waited; the server may have used no time at all.
  bool idle() const { return publishes_per_s == 0 && deliveries_per_s == 0 && requests_per_s == 0; }
  Load load() const {
    return {connections, requests_per_s, deliveries_per_s, publishes_per_s, empty_per_s};
  }
  double bytes_per_s() const {
    return overhead_up_bytes_per_s + overhead_down_bytes_per_s + payload_bytes_per_s;
  }
};

// Strategies whose costs are of one kind: "polling", "polling,new-connection", "long-polling",
// "streaming/chunked", "streaming/sse", "websocket". Intervals and hold times change how often
// something is done, not what it costs.
std::string family_of(const plan::StrategySpec& cell);
bool holds_connections(std::string_view family);

struct Observations {
  std::vector<Observation> usable;
  std::vector<std::string> left_out;  // one sentence each
};
void add_observations(const result::RunResult& run, bool held_out, Observations& to);

}  // namespace pushbench::study
