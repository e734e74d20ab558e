#include "reports/predicted.h"

#include <array>
#include <cmath>
#include <string>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::Metric;
using result::Predicted;
using result::RunResult;

constexpr std::array<std::string_view, 2> kBriefMetrics{"latency_mean_ns", "bytes_per_delivery"};
// A measured mean and a prediction that are the same number may differ in the last digits.
constexpr double kRounding = 1e-9;

bool is_brief(std::string_view metric) {
  return metric == kBriefMetrics[0] || metric == kBriefMetrics[1];
}

std::string residual_text(const Metric& metric, double residual) {
  const auto size = result::format_metric(metric, std::abs(residual));
  return residual == 0 ? size : (residual < 0 ? "−" : "+") + size;
}

bool holds(const Predicted& predicted, double measured) {
  const double slack = kRounding * std::abs(predicted.mean);
  return measured >= predicted.low - slack && measured <= predicted.high + slack;
}

Table::Row row_of(const Metric& metric, const CellResult& cell, const Predicted& predicted) {
  const auto measured = metric.read(cell);
  Table::Row row{.name = cell.label(),
                 .figures = {result::format_metric(metric, measured),
                             result::format_metric(metric, predicted.mean),
                             result::format_metric(metric, predicted.low),
                             result::format_metric(metric, predicted.high), "-", "-"}};
  if (measured) {
    row.figures[4] = residual_text(metric, *measured - predicted.mean);
    row.figures[5] = holds(predicted, *measured) ? "yes" : "no";
  }
  return row;
}

// "mean latency", where the column head alone would not say of what.
std::string part_of(const Metric& metric) {
  const std::string title(metric.title);
  return metric.name.starts_with("latency_") ? title + " latency" : title;
}

}  // namespace

std::vector<Table> predicted_tables(const RunResult& run, Extent extent) {
  std::vector<Table> out;
  for (const auto& metric : result::metrics()) {
    if (extent == Extent::kBrief && !is_brief(metric.name)) {
      continue;
    }
    Table table{.id = "predicted",
                .title = "Measured and predicted",
                .about =
                    "What closed forms say of the scenario; the time that processors need is "
                    "not in them. Low to high holds 99 runs of 100.",
                .part = part_of(metric),
                .heads = {"measured", "predicted", "low", "high", "residual", "inside"}};
    for (const auto& cell : run.cells) {
      const auto found = cell.predicted.find(std::string(metric.name));
      if (found != cell.predicted.end()) {
        table.rows.push_back(row_of(metric, cell, found->second));
      }
    }
    if (!table.rows.empty()) {
      out.push_back(std::move(table));
    }
  }
  return out;
}

}  // namespace pushbench::reports
