#include "reports/published.h"

#include "harness/base/text.h"
#include "harness/result/metrics.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::Metric;

// What every client adds its share to.
constexpr std::array<std::string_view, 6> kGrowing{"head_bytes_per_s", "framing_bytes_per_s",
                                                   "requests_per_s",   "received_per_s",
                                                   "sockets_peak",     "time_wait_peak"};

std::string_view sign_of(plan::Threshold::Op op) {
  constexpr std::array<std::string_view, 5> kSigns{"< ", "<= ", "", ">= ", "> "};
  return kSigns.at(static_cast<std::size_t>(op));
}

std::string scaled(const Metric& metric, std::optional<double> value, double by) {
  if (!value) {
    return "-";
  }
  const bool star =
      by != 1 && std::find(kGrowing.begin(), kGrowing.end(), metric.name) != kGrowing.end();
  return result::format_metric(metric, star ? *value * by : *value) + (star ? "*" : "");
}

PublishedRow row_of(const plan::PublishedFigure& figure,
                    const Metric& metric,
                    const CellResult& cell) {
  const double by =
      figure.clients > 0 && cell.clients > 0 ? 1.0 * figure.clients / cell.clients : 1.0;
  const auto predicted = cell.predicted.find(std::string(metric.name));
  std::optional<double> mean;
  if (predicted != cell.predicted.end()) {
    mean = predicted->second.mean;
  }
  const std::string clients =
      by == 1 ? "" : fmt::format(" ({} clients)", human_count(figure.clients));
  return {.cell = cell.label(),
          .metric = std::string(metric.title),
          .published = std::string(sign_of(figure.says.op)) +
                       result::format_metric(metric, figure.says.limit),
          .predicted = scaled(metric, mean, by),
          .measured = scaled(metric, metric.read(cell), by),
          .source = figure.source + clients};
}

}  // namespace

std::vector<PublishedRow> published_rows(const result::RunResult& run) {
  std::vector<PublishedRow> out;
  for (const auto& figure : run.scenario.published) {
    const Metric* metric = result::find_threshold_metric(figure.says.metric);
    for (const auto& cell : run.cells) {
      if (metric != nullptr && cell.name.starts_with(figure.cell)) {
        out.push_back(row_of(figure, *metric, cell));
      }
    }
  }
  return out;
}

}  // namespace pushbench::reports
