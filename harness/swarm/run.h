// A run: every cell of a scenario, one after the other, each with a fresh server and fresh source
// addresses, into one RunResult. Blocks the calling thread, which handles signals and progress
// meanwhile: the first SIGINT or SIGTERM ends the cell in hand and the run (partial result), the
// second ends the process.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/result/run_result.h"
#include "harness/swarm/machine.h"
#include "harness/swarm/server_metrics.h"
#include "harness/transport/stream.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {

struct Progress {
  std::size_t cell = 0;  // 0-based
  std::size_t cells = 0;
  std::string name;
  std::string_view phase;  // "ramp", "warmup", "measure", "drain"
  Nanos elapsed{};         // of the run
  Nanos remaining{};       // estimate
  std::uint64_t subscribed = 0, subscriptions = 0;
  std::uint64_t sockets_open = 0, failed = 0;
  double received_per_s = 0;  // since the last call
  bool cell_done = false;     // the last call for this cell; `result` is set
  const result::CellResult* result = nullptr;
};

struct RunOptions {
  // argv of the server to start for a cell; empty: drive `endpoint`.
  std::function<std::vector<std::string>(const plan::StrategySpec&)> server_command;
  std::optional<transport::Endpoint> endpoint;
  std::string server_name = "own";  // for the result
  std::optional<int> server_pid;    // of a server that was not started here, on this host
  std::optional<MetricsSource> server_metrics;  // of such a server, instead: its own page of them
  std::string server_log;                       // file for the stderr of the server
  std::string dialect = "native";
  bool audit = true;  // false: only deliveries and bytes are counted, latency is not measured
  std::uint32_t workers = 0;  // 0: one for each processor that the server does not have
  bool pin = true;            // own server on the first processor, swarm on the others
  // Clients never sleep where they have processors of their own, apart from our own server: a
  // server on the same host then does not pay for waking them, which is no part of its work where
  // they are elsewhere. What clients take is not measured then.
  bool busy_poll = false;
  bool measure_floor = true;  // what the tool itself adds, before the first cell (floor.h)
  bool probe = true;          // exact exchanges behind each cell (exact_probe.h)
  std::string tool_version, tool_commit, tool_build, command;
  std::function<void(const Progress&)> on_progress;  // about twice a second
  std::function<void()> on_signal;                   // the first one, which ends the run early
};

struct RunOutcome {
  result::RunResult result;
  int signal = 0;  // that ended the run early, 0 when none did
};

// A failure: nothing could be measured (first cell did not start). Later failures end the run as
// partial, with a caveat that says why.
Result<RunOutcome> run(const plan::Scenario& scenario, const RunOptions& options);

// The cells in the order of running: the scenario's list, rotated by one for every repeat.
std::vector<std::size_t> cell_order(std::size_t cells, std::uint32_t repeat);

}  // namespace pushbench::swarm
