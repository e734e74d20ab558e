#include "reports/csv.h"

#include "harness/result/metrics.h"
#include "reports/escape.h"

#include <fmt/format.h>

namespace pushbench::reports {
namespace {

std::string row(const result::RunResult& run, const result::CellResult& cell) {
  std::string out = fmt::format("{},{},{},{},{},{},{},{},{}", csv_escape(run.scenario.name),
                                csv_escape(run.started_utc), result::verdict_name(run.verdict),
                                csv_escape(cell.name), csv_escape(cell.strategy.strategy),
                                cell.repeat, cell.clients, cell.measure_s, cell.events_measured);
  for (const auto& metric : result::metrics()) {
    const auto value = metric.read(cell);
    // The shortest text that reads back as the same number.
    out += value ? fmt::format(",{}", *value) : ",";
  }
  return out + "\n";
}

}  // namespace

std::string render_csv(std::span<const result::RunResult> runs, const RenderOptions&) {
  std::string out =
      "scenario,started,verdict,cell,strategy,repeat,clients,measure_s,events_measured";
  for (const auto& metric : result::metrics()) {
    out += "," + std::string(metric.name);
  }
  out += "\n";
  for (const auto& run : runs) {
    for (const auto& cell : run.cells) {
      out += row(run, cell);
    }
  }
  return out;
}

}  // namespace pushbench::reports
