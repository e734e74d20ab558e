// What `pushbench selftest` injects and what must be reported: one case is one strategy under one
// fault, with its workload and the arithmetic that says what a tool which tells the truth shows.
// Counts must be exact, for each fault that was injected and for each that was not; times must
// agree within the tool's own floor (p99), how late its timers were (p99) and 1 ms. Pure.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/result/run_result.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pushbench::app {

// What the server says that it did, by the names in its /metrics.
using InjectedCounts = std::map<std::string, std::uint64_t>;

struct SelftestCase {
  std::string fault;        // "delay", "stall", "loss", "duplicates", "reordering", "truncation"
  std::string inject;       // for serve --inject
  plan::Scenario scenario;  // of one strategy
  bool of_time = false;     // judged by the clock: other programs of the machine can spoil it
  const plan::StrategySpec& strategy() const { return scenario.strategies.front(); }
};

// One line of the table.
struct SelftestRow {
  std::string injected;
  std::string reported;
  std::string mismatch;  // empty: it is what arithmetic says
};

// Every strategy under every fault; `quick`: fewer strategies, shorter.
std::vector<SelftestCase> selftest_cases(bool quick);

SelftestRow judge_selftest(const SelftestCase& what,
                           const result::CellResult& cell,
                           const InjectedCounts& injected,
                           const result::Floor& floor);

}  // namespace pushbench::app
