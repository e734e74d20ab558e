#include "reports/csv.h"

#include "harness/result/metrics.h"
#include "reports/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace pushbench::reports {
namespace {

using Names = std::vector<std::string_view>;

// The metrics for which any cell has a prediction, in the table's order.
Names predicted_metrics(std::span<const result::RunResult> runs) {
  Names names;
  for (const auto& metric : result::metrics()) {
    const auto has = [&metric](const result::CellResult& cell) {
      return cell.predicted.contains(std::string(metric.name));
    };
    if (std::any_of(runs.begin(), runs.end(), [&has](const result::RunResult& run) {
          return std::any_of(run.cells.begin(), run.cells.end(), has);
        })) {
      names.push_back(metric.name);
    }
  }
  return names;
}

std::string predictions(const result::CellResult& cell, const Names& names) {
  std::string out;
  for (const auto name : names) {
    const auto found = cell.predicted.find(std::string(name));
    out += found == cell.predicted.end() ? ",,,"
                                         : fmt::format(",{},{},{}", found->second.mean,
                                                       found->second.low, found->second.high);
  }
  return out;
}

std::string row(const result::RunResult& run,
                const result::CellResult& cell,
                const Names& predicted) {
  std::string out = fmt::format("{},{},{},{},{},{},{},{},{}", csv_escape(run.scenario.name),
                                csv_escape(run.started_utc), result::verdict_name(run.verdict),
                                csv_escape(cell.name), csv_escape(cell.strategy.strategy),
                                cell.repeat, cell.clients, cell.measure_s, cell.events_measured);
  for (const auto& metric : result::metrics()) {
    const auto value = metric.read(cell);
    // The shortest text that reads back as the same number.
    out += value ? fmt::format(",{}", *value) : ",";
  }
  return out + predictions(cell, predicted) + "\n";
}

}  // namespace

std::string render_csv(std::span<const result::RunResult> runs, const RenderOptions&) {
  std::string out =
      "scenario,started,verdict,cell,strategy,repeat,clients,measure_s,events_measured";
  for (const auto& metric : result::metrics()) {
    out += "," + std::string(metric.name);
  }
  const auto predicted = predicted_metrics(runs);
  for (const auto name : predicted) {
    out += fmt::format(",predicted_{0},predicted_low_{0},predicted_high_{0}", name);
  }
  out += "\n";
  for (const auto& run : runs) {
    for (const auto& cell : run.cells) {
      out += row(run, cell, predicted);
    }
  }
  return out;
}

}  // namespace pushbench::reports
