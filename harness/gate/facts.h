// What the gate keeps of a run: for every cell its metrics, its exact block, its audit, and how a
// metric scatters within the run. Small, so that a hundred runs fit into memory where their
// histograms would not. From result files: strict, since a gate that believes a damaged file is
// worse than none. Pure but for load_arm(), which reads files.
#pragma once

#include "harness/base/error.h"
#include "harness/result/metrics.h"
#include "harness/result/run_result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::gate {

inline constexpr std::size_t kMostRuns = 500;    // of an arm
inline constexpr std::size_t kMostFiles = 5000;  // looked at below a directory

// The counts of an audit, by the names of their metrics.
using AuditCounts = std::map<std::string, std::uint64_t, std::less<>>;

// A metric's scatter within one run, as far as the result knows it. Either the values of the
// distribution whose quantile it is, with the number of independent draws behind them; or the
// numerators and denominators of the seconds that it is the ratio of.
struct Within {
  double quantile = 0;
  std::uint64_t draws = 0;
  std::vector<std::pair<double, double>> shares;  // share of the draws up to a value, rising; value
  std::vector<std::pair<double, double>> seconds;
};

struct CellFacts {
  std::string started_utc;                     // of its run
  std::vector<std::optional<double>> metrics;  // in step with result::metrics()
  std::map<std::string, std::uint64_t> exact;
  AuditCounts audit;
  std::map<std::string, result::Predicted> predicted;
  std::map<std::string, Within, std::less<>> within;  // by metric
  std::optional<double> read(std::string_view metric) const;
};

struct RunFacts {
  std::string file;  // where it was read from
  std::string started_utc;
  std::string scenario, scenario_hash;
  std::string server;
  std::string tool_version, tool_commit;
  std::map<std::string, std::string> environment;  // what must agree between two sides
  bool invalid = false;                            // for other reasons than what the audit counts
  std::string why_invalid;                         // "lost-events: 3 lost deliveries"
  std::map<std::string, std::vector<CellFacts>> cells;  // by name, one for each repeat
};

// The validity is judged anew, so that a verdict which was edited is not believed.
RunFacts facts_of(result::RunResult run, const std::string& file);

// One side of a comparison: a result file, or all result.json below a directory, in the order of
// their start.
struct Arm {
  std::string name;
  std::vector<RunFacts> runs;
};
Result<Arm> load_arm(const std::string& path);
// The files of load_arm(), sorted by name.
Result<std::vector<std::string>> result_files(const std::string& path);

}  // namespace pushbench::gate
