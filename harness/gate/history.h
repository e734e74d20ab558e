// Many runs of one workload, as a series for every cell and metric, with the places where a series
// changes (E-divisive, stats/e_divisive.h; as MongoDB, "The use of change point detection to
// identify software performance regressions", 2020, and Apache Otava do for commits). It finds what
// is too small for one comparison, and drift. A change counts when it is significant and at least
// the metric's least effect. Pure and seeded.
#pragma once

#include "harness/gate/facts.h"
#include "harness/gate/policy.h"

#include <optional>
#include <string>
#include <vector>

namespace pushbench::gate {

inline constexpr std::size_t kMostPoints = 400;  // of a series: the latest; the search is quadratic
inline constexpr double kChangeSignificance = 0.01;

// One run; several repeats of a cell in it are their median.
struct HistoryPoint {
  std::string started_utc, commit, file;
  double value = 0;
};

struct HistoryChange {
  std::size_t at = 0;            // the first point of what is new
  double before = 0, after = 0;  // medians between this change and its neighbours
  double p = 1;
  bool worse = false;
};

struct HistorySeries {
  std::string cell;
  Gated gated;
  std::vector<HistoryPoint> points;  // in the order of their start
  std::vector<HistoryChange> changes;
};

struct History {
  std::string directory, scenario;
  std::size_t runs = 0, left_out = 0;  // that were not valid
  std::vector<HistorySeries> series;
};

// Runs that are not valid are left out and counted.
History history_of(const Arm& arm, const Policy& policy);

std::vector<HistoryChange> changes_of(const std::vector<double>& values, const Gated& gated);

}  // namespace pushbench::gate
