// Facts of runs that were never made, for the tests of this room: one cell "websocket", whose
// metrics scatter as seeded draws.
#pragma once

#include "harness/base/random.h"
#include "harness/gate/facts.h"

#include <cmath>
#include <map>
#include <string>
#include <string_view>

namespace pushbench::gate {

inline void set_metric(CellFacts& cell, std::string_view name, double value) {
  const auto all = result::metrics();
  cell.metrics.resize(all.size());
  cell.metrics.at(static_cast<std::size_t>(result::find_metric(name) - all.data())) = value;
}

inline CellFacts made_cell(const std::map<std::string, double>& metrics) {
  CellFacts cell;
  cell.metrics.resize(result::metrics().size());
  for (const auto& [name, value] : metrics) {
    set_metric(cell, name, value);
  }
  cell.exact = {{"head_down_bytes", 147}, {"requests", 1}};
  cell.audit = {{"lost", 0}, {"duplicate", 0}};
  return cell;
}

inline RunFacts made_run(CellFacts cell, const std::string& file = "made/result.json") {
  RunFacts run;
  run.file = file;
  run.scenario = "chat";
  run.scenario_hash = "0123456789abcdef";
  run.server = "own";
  run.environment = {{"cpu", "made"}, {"build", "Release"}};
  run.cells["websocket"].push_back(std::move(cell));
  return run;
}

struct MadeMetric {
  double level = 1;
  double scatter = 0;  // deviation of the logarithm
};
using MadeMetrics = std::map<std::string, MadeMetric>;

// What a run of 300 events on a shared machine scatters by.
inline MadeMetrics usual_metrics() {
  return {{"latency_p50_ns", {500e3, 0.03}},
          {"latency_p99_ns", {1.1e6, 0.12}},
          {"server_cpu_ns_per_delivery", {6000, 0.025}},
          {"client_cpu_ns_per_delivery", {4500, 0.03}},
          {"server_memory_bytes_per_connection", {1000, 0.02}},
          {"bytes_per_delivery", {132, 0}}};
}

// One run in thirty is an outlier of a metric, half as much again.
inline Arm made_arm(const MadeMetrics& metrics, std::size_t runs, Random& random) {
  Arm arm{.name = "made", .runs = {}};
  for (std::size_t i = 0; i < runs; ++i) {
    std::map<std::string, double> values;
    for (const auto& [name, made] : metrics) {
      const bool outlier = made.scatter > 0 && random.uniform() < 1.0 / 30;
      values[name] = made.level * std::exp(made.scatter * random.normal()) * (outlier ? 1.5 : 1.0);
    }
    arm.runs.push_back(made_run(made_cell(values)));
  }
  return arm;
}

}  // namespace pushbench::gate
