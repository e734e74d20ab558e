#include "reports/run_charts.h"

#include "harness/base/text.h"
#include "harness/result/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::RunResult;

constexpr double kLeastNs = 1000;  // nothing below 1 µs is worth a decade of the axis
constexpr int kStepsPerDecade = 24;

// The percentile axis is log10(1 / (1 - q)): 90 % at 1, 99 % at 2 …
double percentile_decades(const RunResult& run) {
  std::uint64_t most = 0;
  for (const auto& cell : run.cells) {
    most = std::max(most, cell.latency.count());
  }
  return std::clamp(std::floor(std::log10(static_cast<double>(std::max<std::uint64_t>(most, 1)))),
                    2.0, 5.0);
}

// How far along the axis the events of a cell carry: 1 - q^n >= 0.95, as stats::samples_needed.
double supported_decades(const CellResult& cell) {
  if (cell.events_measured == 0) {
    return 0;
  }
  const double q = std::pow(0.05, 1 / static_cast<double>(cell.events_measured));
  return q < 1 ? -std::log10(1 - q) : 0;
}

double latency_at(const CellResult& cell, double decades) {
  const double q = 1 - std::pow(10.0, -decades);
  return std::max(kLeastNs, static_cast<double>(cell.latency.quantile(q).count()));
}

struct Decades {
  double from = 0, to = 1;
  double place(double ns) const { return (std::log10(ns) - from) / (to - from); }
};

Decades latency_decades(const RunResult& run) {
  double least = 1e18;
  double most = kLeastNs;
  for (const auto& cell : run.cells) {
    if (!cell.latency.empty()) {
      least = std::min(least, latency_at(cell, 0));
      most = std::max(most, static_cast<double>(cell.latency.max().count()));
    }
  }
  Decades out{.from = std::floor(std::log10(least)), .to = std::ceil(std::log10(most))};
  if (out.to <= out.from) {
    out.to = out.from + 1;
  }
  return out;
}

std::vector<Tick> latency_ticks(const Decades& axis) {
  // Written out: a power of ten has one significant digit.
  constexpr std::array<std::string_view, 10> kLabels{
      "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1,000 s"};
  std::vector<Tick> ticks;
  for (int decade = static_cast<int>(axis.from); decade <= static_cast<int>(axis.to); ++decade) {
    const auto label = static_cast<std::size_t>(std::clamp(decade - 3, 0, 9));
    const double at = axis.place(std::pow(10.0, decade));
    ticks.push_back({at, std::string(kLabels.at(label))});
    for (const double part : {2.0, 5.0}) {
      if (decade < static_cast<int>(axis.to)) {
        ticks.push_back({at + std::log10(part) / (axis.to - axis.from), ""});
      }
    }
  }
  return ticks;
}

std::vector<Tick> percentile_ticks(double decades) {
  std::vector<Tick> ticks{{0, "0 %"},
                          {std::log10(2.0) / decades, "50 %"},
                          {1 / decades, "90 %"},
                          {2 / decades, "99 %"}};
  for (int decade = 3; decade <= static_cast<int>(decades); ++decade) {
    ticks.push_back(
        {decade / decades, "99." + std::string(static_cast<std::size_t>(decade - 2), '9') + " %"});
  }
  return ticks;
}

Line curve(const CellResult& cell, double from, double to, double decades, const Decades& axis) {
  Line line;
  const int steps = std::max(1, static_cast<int>(std::ceil((to - from) * kStepsPerDecade)));
  for (int i = 0; i <= steps; ++i) {
    const double at = from + (to - from) * i / steps;
    line.points.emplace_back(at / decades, axis.place(latency_at(cell, at)));
  }
  return line;
}

double metric_value(std::string_view name, const CellResult& cell) {
  return result::find_metric(name)->read(cell).value_or(0);
}

struct Layer {
  std::string_view name, metric, css;
};
constexpr auto kLayers = std::to_array<Layer>({
    {"head", "head_bytes_per_delivery", "head"},
    {"framing", "framing_bytes_per_delivery", "framing"},
    {"payload", "payload_bytes_per_delivery", "payload"},
});

std::string layer_legend() {
  std::string out = "<ul class=\"legend\">";
  for (const auto& layer : kLayers) {
    out += fmt::format(
        "<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"{}\" width=\"14\" "
        "height=\"14\"/></svg>{}</li>",
        layer.css, layer.name);
  }
  return out + "</ul>\n";
}

}  // namespace

std::vector<std::string> cell_names(const RunResult& run) {
  std::vector<std::string> names;
  for (const auto& cell : run.cells) {
    names.push_back(cell.label());
  }
  return names;
}

Line over_time(const result::Series& series,
               const std::vector<double>& values,
               double end,
               double most) {
  Line line;
  for (std::size_t i = 0; i < series.at_s.size() && i < values.size(); ++i) {
    if (std::isfinite(values[i]) && std::isfinite(series.at_s[i])) {
      line.points.emplace_back(series.at_s[i] / end, values[i] / most);
    }
  }
  return line;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (const double value : values) {
    most = std::isfinite(value) ? std::max(most, value) : most;
  }
  return most;
}

std::vector<Tick> linear_ticks(const std::vector<double>& steps, std::string_view unit) {
  std::vector<Tick> ticks;
  ticks.reserve(steps.size());
  for (const double step : steps) {
    ticks.push_back({step / steps.back(), human_count(step) + std::string(unit)});
  }
  return ticks;
}

std::string percentile_chart(const RunResult& run) {
  const double decades = percentile_decades(run);
  const auto axis = latency_decades(run);
  LineChart chart{
      .title = "Latency by percentile, one line per cell; the table below has the figures",
      .x_title = "deliveries that were at least this fast",
      .y_title = "latency",
      .x_ticks = percentile_ticks(decades),
      .y_ticks = latency_ticks(axis),
      .lines = {}};
  for (std::size_t i = 0; i < run.cells.size(); ++i) {
    const auto& cell = run.cells[i];
    if (cell.latency.empty()) {
      continue;
    }
    const double known = std::min(decades, supported_decades(cell));
    chart.lines.push_back(curve(cell, 0, known, decades, axis));
    chart.lines.back().series = i;
    if (known < decades) {
      chart.lines.push_back(curve(cell, known, decades, decades, axis));
      chart.lines.back().series = i;
      chart.lines.back().style = "faint";
    }
  }
  return chart.lines.empty() ? "" : render_lines(chart) + render_legend(cell_names(run));
}

std::string bytes_chart(const RunResult& run) {
  double most = 0;
  for (const auto& cell : run.cells) {
    most = std::max(most, metric_value("bytes_per_delivery", cell));
  }
  if (!(most > 0)) {
    return "";
  }
  BarChart chart{.title =
                     "Bytes per delivery, split into head, framing and payload, one bar per "
                     "cell; the table below has the figures",
                 .rows = {}};
  for (const auto& cell : run.cells) {
    auto& row = chart.rows.emplace_back();
    row.name = cell.label();
    row.total = human_bytes(metric_value("bytes_per_delivery", cell));
    for (const auto& layer : kLayers) {
      const double bytes = metric_value(layer.metric, cell);
      row.parts.push_back(
          {layer.css, fmt::format("{} {}", layer.name, human_bytes(bytes)), bytes / most});
    }
  }
  return render_bars(chart) + layer_legend();
}

std::string sockets_chart(const RunResult& run) {
  double end = 0;
  double most = 0;
  for (const auto& cell : run.cells) {
    end = std::max(end, largest(cell.series.at_s));
    most = std::max({most, largest(cell.series.sockets_open), largest(cell.series.time_wait)});
  }
  if (!(end > 0 && most > 0)) {
    return "";
  }
  const auto seconds = round_steps(end, 6);
  const auto sockets = round_steps(most, 5);
  LineChart chart{.title = "Sockets over time: open ones as lines, those in TIME_WAIT dotted",
                  .x_title = "seconds from the start of the cell",
                  .y_title = "sockets",
                  .x_ticks = linear_ticks(seconds, " s"),
                  .y_ticks = linear_ticks(sockets, ""),
                  .lines = {}};
  for (std::size_t i = 0; i < run.cells.size(); ++i) {
    const auto& series = run.cells[i].series;
    chart.lines.push_back(over_time(series, series.sockets_open, seconds.back(), sockets.back()));
    chart.lines.back().series = i;
    if (largest(series.time_wait) > 0) {
      chart.lines.push_back(over_time(series, series.time_wait, seconds.back(), sockets.back()));
      chart.lines.back().series = i;
      chart.lines.back().style = "dotted";
    }
  }
  return render_lines(chart) + render_legend(cell_names(run));
}

}  // namespace pushbench::reports
