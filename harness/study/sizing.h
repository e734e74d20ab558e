// How many servers a workload takes with a strategy, from closed forms (rates, bytes, sockets,
// waits) and a cost model (processor, memory). The smallest number is taken with which every server
// stays below the shares of its processors, memory and link that are allowed, within four times the
// clients that the constants were measured with (held ones: a poll with a connection of its own
// leaves nothing behind that could grow), and within the latency that is asked for.
//
// Latency: p99 of the closed form, and what processors add: an event that goes to f clients of a
// server is written to one after the other, B = f c_delivery / cores, of which the last sees all
// (p99: 0.99 B), behind those that came before it, a queue of M/D/1 at utilisation u, whose tail
// falls as exp(-2 (1 - u) t / B) (heavy-traffic limit, Kingman 1962). The two are added, which is
// cautious. TLS is in none of it. Pure.
#pragma once

#include "harness/study/workload.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::study {

inline constexpr double kMostExtrapolation = 4;  // times the clients that were measured
inline constexpr double kMostServers = 1e6;

struct ServerKind {
  double cores = 4;
  double memory_bytes = 8.0 * 1024 * 1024 * 1024;
  double link_bytes_per_s = 125e6;  // each direction
  double most_cpu = 0.6;            // share of it that may be used; the rest is headroom
  double most_memory = 0.8;
  double most_link = 0.7;
};

// What is asked of latency; absent where nothing is.
struct LatencyBounds {
  std::optional<double> mean_s, p50_s, p99_s, max_s;
  bool any() const { return mean_s || p50_s || p99_s || max_s; }
};

// kMeasuredRange: more clients a server than its constants are good for; kOne: one server does.
enum class Decides : std::uint8_t { kProcessor, kMemory, kLink, kMeasuredRange, kLatency, kOne };
std::string_view decides_name(Decides what) noexcept;

struct Size {
  std::string cell;
  std::string family;
  Flow flow;
  bool possible = true;
  std::string why_not;  // one sentence
  double servers = 1;   // without spare ones
  Decides decided_by = Decides::kOne;
  double cores = 0, cores_low = 0, cores_high = 0;  // used, of all servers
  double user_memory_bytes = 0, kernel_memory_bytes = 0;
  bool kernel_known = false;
  double cpu_share = 0, memory_share = 0, link_share = 0;  // of one server
  double processing_p99_s = 0;                             // that processors add to latency
  double clients_each = 0;
  bool extrapolated = false;  // beyond the clients that were measured
};

Size size_of(const Workload& workload,
             const plan::StrategySpec& cell,
             const FamilyCost& cost,
             const std::optional<ScalingLaw>& scaling,
             const ServerKind& kind,
             const LatencyBounds& bounds);

// The longest poll interval that keeps the bounds, in whole milliseconds: an event waits at most
// an interval, half of it in the mean, 99 % of it at p99. nullopt: not even the shortest does.
std::optional<plan::Nanos> longest_interval(const LatencyBounds& bounds, double one_way_s);

}  // namespace pushbench::study
