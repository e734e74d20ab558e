// A run of one cell that no rule doubts, for the tests of the rules: each changes one thing and
// looks at what is said.
#pragma once

#include "harness/result/validity.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace pushbench::result {

inline RunResult sound_run() {
  RunResult run;
  run.tool_build = "Release g++ 12.2.0";
  CellResult cell;
  cell.name = "websocket";
  cell.strategy.strategy = "websocket";
  cell.finished = true;
  cell.measure_s = 10;
  cell.events_measured = 299;
  auto& counters = cell.counters;
  counters[Counter::kPublished] = 299;
  counters[Counter::kExpected] = 20'000;
  counters[Counter::kDelivered] = 20'000;
  counters[Counter::kReceived] = 20'000;
  counters[Counter::kRequests] = 990;
  counters[Counter::kRequestsSent] = 1'000;
  counters[Counter::kRequestsAnswered] = 1'000;
  counters[Counter::kSocketsOpened] = 2'000;
  counters[Counter::kSocketsClosedWell] = 2'000;
  cell.latency.record(stats::Nanos{1'000'000}, 20'000);
  cell.publisher_lag.record(stats::Nanos{900'000}, 299);
  cell.loop_lag.record(stats::Nanos{900'000}, 299);
  run.cells.push_back(cell);
  return run;
}

// "invalid lost-events" for every caveat after `change`, the worst first, "; " between them.
inline std::string caveats_after(const std::function<void(RunResult&, CellResult&)>& change) {
  auto run = sound_run();
  change(run, run.cells[0]);
  judge_validity(run);
  std::string out;
  for (const auto& caveat : run.caveats) {
    out +=
        (out.empty() ? "" : "; ") + std::string(severity_name(caveat.severity)) + " " + caveat.id;
    EXPECT_FALSE(caveat.text.empty());
    EXPECT_TRUE(caveat.remedy.ends_with(".")) << caveat.remedy;
  }
  EXPECT_EQ(run.verdict, run.caveats.empty() ? Verdict::kValid : run.caveats[0].severity);
  return out;
}

inline std::string caveats_of_cell(const std::function<void(CellResult&)>& change) {
  return caveats_after([&change](RunResult&, CellResult& cell) { change(cell); });
}

// The text of the first caveat.
inline std::string text_after(const std::function<void(RunResult&, CellResult&)>& change) {
  auto run = sound_run();
  change(run, run.cells[0]);
  judge_validity(run);
  return run.caveats.empty() ? "" : run.caveats[0].text;
}

// `n` of a class of fault, with the counters that go with them so that the accounts balance.
inline void fail_connects(CellResult& cell, Fault fault, std::uint64_t n) {
  cell.connect_faults[static_cast<std::size_t>(fault)] += n;
  cell.counters[Counter::kSocketsFailed] += n;
}
inline void cut_sockets(CellResult& cell, Fault fault, std::uint64_t n) {
  cell.cut_faults[static_cast<std::size_t>(fault)] += n;
  cell.counters[Counter::kSocketsCut] += n;
  cell.counters[Counter::kSocketsClosedWell] -= n;
}
inline void fail_requests(CellResult& cell, Fault fault, std::uint64_t n) {
  cell.request_faults[static_cast<std::size_t>(fault)] += n;
  cell.counters[Counter::kRequestsFailed] += n;
  cell.counters[Counter::kRequestsAnswered] -= n;
}
inline void lose(CellResult& cell, std::uint64_t n) {
  cell.counters[Counter::kLost] += n;
  cell.counters[Counter::kDelivered] -= n;
}

}  // namespace pushbench::result
