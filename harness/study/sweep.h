// A matrix of runs: a scenario at every combination of the values that are given for some of its
// keys, and what came out (schema "pushbench.sweep/1"): an index that is written after every point,
// so that a sweep which was ended goes on, and a map of which strategy wins where. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"
#include "harness/result/metrics.h"
#include "harness/result/run_result.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pushbench::study {

inline constexpr std::string_view kSweepSchema = "pushbench.sweep/1";
inline constexpr std::size_t kMostPoints = 1000;
inline constexpr std::size_t kMostVaried = 4;
inline constexpr double kSweepTie = 1.05;  // ratio of two values that are taken for the same

struct Varied {
  std::string key;                  // "events.rate"
  std::vector<std::string> values;  // as written: "10/s"
};
// "events.rate=10/s,100/s". A failure names the nearest key.
Result<Varied> parse_varied(std::string_view text);

struct PointCell {
  std::string cell;
  bool sound = true;  // finished, and nothing lost
  std::vector<std::pair<std::string, double>> metrics;
  std::optional<double> metric(std::string_view name) const;
};

struct Point {
  enum class Status : std::uint8_t { kPending, kDone, kImpossible };
  std::vector<std::string> values;  // in step with the varied keys
  Status status = Status::kPending;
  std::string text;     // why it is impossible
  std::string verdict;  // of the run
  std::string file;     // its result, below the directory
  std::vector<PointCell> cells;
};

struct Sweep {
  std::string scenario, workload;  // name and hash at its own values
  std::vector<Varied> varied;
  std::vector<Point> points;

  std::size_t done() const;
};

// All combinations, the last key fastest. A failure: too many.
Result<std::vector<Point>> points_of(const std::vector<Varied>& varied);
plan::Overrides overrides_of(const std::vector<Varied>& varied,
                             const Point& point,
                             const plan::Overrides& given);
void take_result(Point& point, const result::RunResult& run);

std::string to_json(const Sweep& sweep);
Result<Sweep> sweep_from_json(std::string_view text, const std::string& origin);

// Which cell has the best value at a point, and how much better than the next: 1.3 is 30 %.
struct Winner {
  std::string cell;
  double value = 0;
  std::string next;  // empty: nobody else has a value
  double margin = 1;
  bool tie() const { return !next.empty() && margin < kSweepTie; }
};
std::optional<Winner> winner_of(const Point& point, const result::Metric& metric);

}  // namespace pushbench::study
