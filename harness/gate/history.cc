#include "harness/gate/history.h"

#include "harness/stats/bootstrap.h"
#include "harness/stats/e_divisive.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace pushbench::gate {
namespace {

std::optional<HistoryPoint> point_of(const RunFacts& run,
                                     const std::string& cell,
                                     std::string_view metric) {
  const auto found = run.cells.find(cell);
  if (found == run.cells.end()) {
    return std::nullopt;
  }
  std::vector<double> values;
  for (const auto& facts : found->second) {
    if (const auto value = facts.read(metric)) {
      values.push_back(*value);
    }
  }
  if (values.empty()) {
    return std::nullopt;
  }
  return HistoryPoint{.started_utc = run.started_utc,
                      .commit = run.tool_commit,
                      .file = run.file,
                      .value = stats::median_of(std::move(values))};
}

double middle_between(const std::vector<double>& values, std::size_t from, std::size_t to) {
  return stats::median_of({values.begin() + static_cast<std::ptrdiff_t>(from),
                           values.begin() + static_cast<std::ptrdiff_t>(to)});
}

// Beyond the least effect, either way; any change from 0 or to it is.
bool matters(const HistoryChange& change, double least_effect) {
  if (!(change.before > 0 && change.after > 0)) {
    return change.before != change.after;
  }
  return std::abs(std::log(change.after / change.before)) >= std::log1p(least_effect);
}

HistorySeries series_of(const std::vector<const RunFacts*>& runs,
                        const std::string& cell,
                        const Gated& gated) {
  HistorySeries out{.cell = cell, .gated = gated, .points = {}, .changes = {}};
  std::vector<double> values;
  for (const auto* run : runs) {
    if (auto point = point_of(*run, cell, gated.metric->name)) {
      values.push_back(point->value);
      out.points.push_back(std::move(*point));
    }
  }
  out.changes = changes_of(values, gated);
  return out;
}

}  // namespace

std::vector<HistoryChange> changes_of(const std::vector<double>& values, const Gated& gated) {
  const auto found = stats::e_divisive(values, {.significance = kChangeSignificance});
  std::vector<HistoryChange> out;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::size_t from = i == 0 ? 0 : found[i - 1].at;
    const std::size_t to = i + 1 == found.size() ? values.size() : found[i + 1].at;
    HistoryChange change{.at = found[i].at,
                         .before = middle_between(values, from, found[i].at),
                         .after = middle_between(values, found[i].at, to),
                         .p = found[i].p};
    const bool more = change.after > change.before;
    change.worse = more == (gated.metric->better != result::Better::kMore);
    if (matters(change, gated.least_effect)) {
      out.push_back(change);
    }
  }
  return out;
}

History history_of(const Arm& arm, const Policy& policy) {
  History out{.directory = arm.name, .scenario = arm.runs[0].scenario, .series = {}};
  std::vector<const RunFacts*> runs;
  std::set<std::string> cells;
  for (const auto& run : arm.runs) {
    if (run.invalid) {
      ++out.left_out;
      continue;
    }
    runs.push_back(&run);
    for (const auto& [cell, facts] : run.cells) {
      cells.insert(cell);
    }
  }
  if (runs.size() > kMostPoints) {
    runs.erase(runs.begin(), runs.end() - static_cast<std::ptrdiff_t>(kMostPoints));
  }
  out.runs = runs.size();
  for (const auto& cell : cells) {
    for (const auto& gated : policy.metrics) {
      auto series = series_of(runs, cell, gated);
      if (!series.points.empty()) {
        out.series.push_back(std::move(series));
      }
    }
  }
  return out;
}

}  // namespace pushbench::gate
