// What a run found out: plain data, enough to redo every report, comparison and gate from the file
// alone. Written by the swarm, read by reports. Pure: no sockets, no threads. A value that was not
// measured is absent (nullopt), never 0.
#pragma once

#include "harness/base/fault.h"
#include "harness/plan/scenario.h"
#include "harness/result/counters.h"
#include "harness/stats/histogram.h"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::result {

inline constexpr std::string_view kSchema = "pushbench.result/1";
inline constexpr std::size_t kMaxSeriesPoints =
    3600;  // per series; a longer cell is thinned to every 2nd, 4th … second

inline constexpr double kNotMeasured =
    std::numeric_limits<double>::quiet_NaN();  // a point of a series; null in the file

// One point per second of the cell, from the start of ramp. All vectors have the same length; one
// that was not measured at all is empty.
struct Series {
  std::vector<double> at_s;  // end of the second
  std::vector<double> published_per_s;
  std::vector<double> received_per_s;
  std::vector<double> sockets_open;
  std::vector<double> time_wait;
  std::vector<double> server_cpu_share;  // 1 = one core
  std::vector<double> server_memory_bytes;
  std::vector<double> worst_latency_ns;  // highest latency among the events received in that second
};

// Of the server process, read from /proc; absent with a server that is not our child.
struct ServerCost {
  std::uint64_t cpu_ns = 0;             // in the measure window, all threads, schedstat
  std::uint64_t memory_base_bytes = 0;  // resident before the first client
  std::uint64_t memory_bytes = 0;       // resident when all clients were connected, before warm-up
  std::uint64_t connections = 0;        // of clients, open at that instant
};

// Of our own process in the measure window.
struct GeneratorCost {
  std::uint32_t workers = 0;        // worker threads; 0: unknown
  std::uint64_t worker_cpu_ns = 0;  // of all of them together; 0: unknown
  std::uint64_t publisher_cpu_ns = 0;
  std::uint64_t run_queue_wait_ns = 0;  // runnable but not running: schedstat, all threads
};

struct CellResult {
  std::string name;  // plan::StrategySpec::cell_name()
  plan::StrategySpec strategy;
  std::uint32_t clients = 0;
  std::uint32_t repeat = 0;           // 0-based
  double measure_s = 0;               // length of the measure window as it was
  std::uint64_t events_measured = 0;  // events that fell due in it: independent draws of latency
  bool finished = false;              // false: interrupted, figures cover a part

  Counters counters;
  std::array<std::uint64_t, kFaultCount> faults{};  // cuts and failed connects by class
  stats::Histogram latency;                         // received - due, events due in measure
  stats::Histogram setup;                           // connect + handshake or first answer
  stats::Histogram publisher_lag;                   // sent - due
  stats::Histogram publish_ack;                     // acknowledged - sent
  stats::Histogram upstream_ack;
  stats::Histogram loop_lag;  // how late a worker's timer fired
  std::optional<ServerCost> server;
  GeneratorCost generator;
  Series series;

  // The name, and "#2" behind it for the second repeat: what reports, caveats and thresholds say.
  std::string label() const;
};

enum class Verdict : std::uint8_t { kValid, kSuspect, kInvalid };
std::string_view verdict_name(Verdict verdict) noexcept;

// A reason to doubt a result, with what to do about it.
struct Caveat {
  std::string id;  // stable, kebab-case: "lost-events", "publisher-lag"
  Verdict severity = Verdict::kSuspect;
  std::string cell;  // empty: the whole run
  std::string text;
  std::string remedy;
};

struct ThresholdResult {
  std::string text;
  std::string cell;
  std::optional<double> actual;  // absent: could not be judged
  bool crossed = false;
};

struct RunResult {
  std::string tool_version, tool_commit,
      tool_build;           // "0.1.0", 12 hex digits, "Release g++ 12.2.0"
  std::string started_utc;  // ISO 8601
  std::string command;      // how to do it again
  plan::Scenario scenario;
  std::string server;  // "own" or the URL that was driven
  std::map<std::string, std::string>
      environment;  // kernel, cpu, cores, congestion_control, tcp_tw_reuse …
  bool partial = false;
  std::vector<CellResult> cells;
  Verdict verdict = Verdict::kValid;
  std::vector<Caveat> caveats;
  std::vector<ThresholdResult> thresholds;
};

}  // namespace pushbench::result
