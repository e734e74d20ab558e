#include "reports/census_chart.h"

#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/run_charts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::PhaseMarks;
using result::Series;

using Points = std::vector<double>;

struct Kind {
  std::string_view name;
  Points Series::*of;
  bool always;  // drawn though it stays at 0
};
constexpr auto kKinds = std::to_array<Kind>({
    {"established, clients", &Series::clients_established, true},
    {"established, server", &Series::server_established, true},
    {"TIME_WAIT, clients", &Series::clients_time_wait, false},
    {"TIME_WAIT, server", &Series::server_time_wait, false},
    {"CLOSE_WAIT, clients", &Series::clients_close_wait, false},
    {"CLOSE_WAIT, server", &Series::server_close_wait, false},
});

bool is_drawn(const Kind& kind, const Series& series) {
  const auto& points = series.*(kind.of);
  return !points.empty() && (kind.always || largest(points) > 0);
}

constexpr double kNameWidth = 0.14;  // of the plot

struct Phase {
  std::string_view name;
  std::optional<double> PhaseMarks::*start;
};
constexpr auto kPhases = std::to_array<Phase>({
    {"warm-up", &PhaseMarks::warmup_s},
    {"measure", &PhaseMarks::measure_s},
    {"drain", &PhaseMarks::drain_s},
    {"", &PhaseMarks::end_s},
});

std::vector<Tick> marks_of(const PhaseMarks& phases, double end) {
  std::vector<Tick> marks;
  for (const auto& [name, start] : kPhases) {
    const auto at = phases.*start;
    if (at && std::isfinite(*at) && *at >= 0 && *at <= end) {
      marks.push_back({*at / end, std::string(name)});
    }
  }
  // A name that would run into the next mark is left out; its line stays.
  for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
    if (marks[i + 1].at - marks[i].at < kNameWidth && !marks[i + 1].label.empty()) {
      marks[i].label.clear();
    }
  }
  return marks;
}

std::string panel(const CellResult& cell, double end, double most) {
  const auto seconds = round_steps(end, 4);
  const auto sockets = round_steps(most, 4);
  LineChart chart{.title = "Sockets of " + cell.label() + " over time, by state",
                  .x_title = "seconds from the start of the cell",
                  .y_title = "sockets",
                  .x_ticks = linear_ticks(seconds, " s"),
                  .y_ticks = linear_ticks(sockets, ""),
                  .marks = marks_of(cell.phases, seconds.back()),
                  .lines = {}};
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (is_drawn(kKinds.at(i), cell.series)) {
      chart.lines.push_back(
          over_time(cell.series, cell.series.*(kKinds.at(i).of), seconds.back(), sockets.back()));
      chart.lines.back().series = i;
    }
  }
  return chart.lines.empty() ? ""
                             : "<div class=\"panel\"><h4>" + breakable(cell.label()) + "</h4>" +
                                   render_lines(chart) + "</div>\n";
}

}  // namespace

std::string census_charts(const result::RunResult& run) {
  std::string panels;
  std::vector<std::string> names;
  for (const auto& kind : kKinds) {
    const bool drawn = std::any_of(run.cells.begin(), run.cells.end(), [&kind](const auto& cell) {
      return is_drawn(kind, cell.series);
    });
    names.emplace_back(drawn ? kind.name : "");
  }
  for (const auto& cell : run.cells) {
    double most = 0;
    for (const auto& kind : kKinds) {
      most = std::max(most, largest(cell.series.*(kind.of)));
    }
    const double end = largest(cell.series.at_s);
    panels += end > 0 && most > 0 ? panel(cell, end, most) : "";
  }
  return panels.empty() ? ""
                        : "<div class=\"panels\">\n" + panels + "</div>\n" + render_legend(names);
}

}  // namespace pushbench::reports
