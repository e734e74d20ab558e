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
  std::vector<double> at_s;           // end of the second
  std::vector<double> offered_per_s;  // events that fell due, from the plan
  std::vector<double> published_per_s;
  std::vector<double> received_per_s;
  std::vector<double> clients_planned;  // at the end of the second, where their number changes
  std::vector<double> sockets_open;
  std::vector<double> time_wait;
  std::vector<double> server_cpu_share;  // 1 = one core
  std::vector<double> server_memory_bytes;
  std::vector<double> mean_latency_ns;   // of the events received in that second
  std::vector<double> worst_latency_ns;  // highest among them
  // From the kernel's census; an end on another host is not measured.
  std::vector<double> clients_established, clients_time_wait, clients_close_wait;
  std::vector<double>
      clients_queue_bytes;  // received and not yet read, plus sent and not yet acked
  std::vector<double> server_established, server_time_wait, server_close_wait;
  std::vector<double> server_queue_bytes;
  std::vector<double> socket_memory_bytes;  // kernel memory of the buffers of both ends
};

// When the phases of a cell began, in seconds from its start: what ties a point of a series to its
// phase. Ramp begins at 0. One that was not reached is absent.
struct PhaseMarks {
  std::optional<double> warmup_s, measure_s, drain_s, end_s;
};

// Of the server process, read from /proc; absent with a server whose process is not known
// (`--server` without `--server-pid`).
struct ServerCost {
  std::uint64_t cpu_ns = 0;             // in the measure window, all threads, schedstat
  std::uint64_t memory_base_bytes = 0;  // resident before the first client
  std::uint64_t memory_bytes = 0;       // resident when all clients were connected, before warm-up
  std::uint64_t connections = 0;        // of clients, open at that instant
  std::uint64_t user_ticks = 0;         // of cpu_ns, in clock ticks of 10 ms; coarse
  std::uint64_t system_ticks = 0;
  std::uint64_t voluntary_switches = 0;  // in the measure window, all threads
  std::uint64_t involuntary_switches = 0;
  // Kernel memory of the whole host that is not page cache, at the same two instants; 0: unknown.
  std::uint64_t kernel_base_bytes = 0;
  std::uint64_t kernel_bytes = 0;
  std::uint64_t publish_cpu_ns = 0;             // per event that nobody subscribes to; 0: unknown
  std::uint64_t quiet_cpu_ps_per_delivery = 0;  // swarm/quiet_cost.h; 0: unknown
};

// What the kernel counted of the sockets of one end in the measure window: TCP_INFO of each before
// it closes, and of all open ones at the window's two edges (tcp(7), linux/tcp.h). A segment counts
// on IP level with its IP and TCP heads and the TCP options that the connection uses.
struct KernelTraffic {
  std::uint64_t segments_out = 0, segments_in = 0;
  std::uint64_t bytes_out = 0, bytes_in = 0;        // TCP data, what was sent again included
  std::uint64_t ip_out_bytes = 0, ip_in_bytes = 0;  // data and heads
  std::uint64_t retransmitted = 0;                  // segments
  std::uint64_t rtt_mean_ns = 0;                    // smoothed, mean over the sockets; 0: unknown
};

// Of our own process in the measure window.
struct GeneratorCost {
  std::uint32_t workers = 0;        // worker threads; 0: unknown
  std::uint64_t worker_cpu_ns = 0;  // of all of them together; 0: unknown
  std::uint64_t publisher_cpu_ns = 0;
  // Runnable but not running: schedstat, all threads; not what they waited for each other.
  std::uint64_t run_queue_wait_ns = 0;
  std::optional<double> steal_share;  // of the machine's processor time, taken by its host
};

// Clients in the order in which they connected, cut into at most ten groups: does it matter who
// came first?
struct ConnectTenth {
  std::uint64_t clients = 0;
  double mean_ns = 0;  // of the latency of all their deliveries
};

// What closed forms say a metric should be; `low` to `high` holds it in 99 runs of 100.
struct Predicted {
  double mean = 0, low = 0, high = 0;
};

// The latencies of all events received, stretch by stretch from the start of the cell; histograms
// of stats::kColumnShape. Warm-up and drain are in it, unlike in the histogram of the cell.
struct LatencyColumns {
  std::uint32_t seconds = 1;  // that a column covers; the last may end early
  std::vector<stats::Histogram> columns;
};

using FaultCounts = std::array<std::uint64_t, kFaultCount>;

struct CellResult {
  std::string name;  // plan::StrategySpec::cell_name()
  plan::StrategySpec strategy;
  std::uint32_t clients = 0;                      // where their number changes, the most
  std::optional<std::uint32_t> clients_at_start;  // when publishing began; absent: all
  std::uint32_t repeat = 0;                       // 0-based
  double measure_s = 0;                           // length of the measure window as it was
  std::uint64_t events_measured = 0;  // events that fell due in it: independent draws of latency
  bool finished = false;              // false: interrupted, figures cover a part

  Counters counters;
  FaultCounts connect_faults{};        // by class, of kSocketsFailed
  FaultCounts cut_faults{};            // of kSocketsCut
  FaultCounts request_faults{};        // of kRequestsFailed
  stats::Histogram latency;            // received - due, events due in measure
  stats::Histogram latency_from_sent;  // received - sent of the same
  stats::Histogram fan_out_spread;  // of an event: last receiver - first; a seeded sample of events
  stats::Histogram client_p50;      // one value a client: the median of its own latencies
  stats::Histogram client_p99;
  stats::Histogram setup;          // connect + handshake or first answer
  stats::Histogram publisher_lag;  // sent - due
  stats::Histogram publish_ack;    // acknowledged - sent
  stats::Histogram upstream_ack;
  stats::Histogram loop_lag;    // how late a worker's timer fired
  stats::Histogram link_error;  // how late the emulated link released bytes
  std::vector<ConnectTenth> connect_order;
  std::optional<ServerCost> server;
  std::optional<KernelTraffic> kernel_clients, kernel_server;
  GeneratorCost generator;
  Series series;
  LatencyColumns latency_over_time;
  PhaseMarks phases;
  std::map<std::string, Predicted> predicted;  // by name of the metric
  // Of the measure window's bytes, layer by layer, what closed forms do not explain from the run's
  // own counts: 0 for a server whose wire format is known, or something is wrong with one of them.
  std::optional<std::uint64_t> unexplained_bytes;
  // A lock-step probe of the cell: bytes and requests of known exchanges, the same in every run of
  // one build. Empty: not probed.
  std::map<std::string, std::uint64_t> exact;

  // The name, and "#2" behind it for the second repeat: what reports, caveats and thresholds say.
  std::string label() const;
};

enum class Verdict : std::uint8_t { kValid, kSuspect, kInvalid };
std::string_view verdict_name(Verdict verdict) noexcept;
// Of a caveat: "note" for one that leaves the run valid.
std::string_view severity_name(Verdict severity) noexcept;

// A reason to doubt a result, with what to do about it; or a note, which is worth knowing and no
// reason to doubt (severity kValid).
struct Caveat {
  std::string id;  // stable, kebab-case: "lost-events", "publisher-lag"
  Verdict severity = Verdict::kSuspect;
  std::string cell;  // empty: the whole run
  std::string text;
  std::string remedy;
};

// What the tool itself adds on this machine, measured without a server between: see
// `pushbench selftest`.
struct Floor {
  std::uint64_t latency_p50_ns = 0;
  std::uint64_t latency_p99_ns = 0;
  std::uint64_t cost_ns_per_delivery = 0;  // processor time of a worker
};

struct ThresholdResult {
  std::string text;
  std::string cell;
  std::optional<double> wanted = {};  // the limit in the metric's base unit
  std::optional<double> actual = {};  // absent: could not be judged
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
  std::optional<Floor> floor;
  std::vector<CellResult> cells;
  Verdict verdict = Verdict::kValid;
  std::vector<Caveat> caveats;
  std::vector<ThresholdResult> thresholds;
};

}  // namespace pushbench::result
