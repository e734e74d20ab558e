// Charts of the HTML report: lines and bars as inline SVG that stretches with the page, axis labels
// as HTML beside it, so that text keeps its size on a telephone. No script, no external file.
// Colour and dash of a series come from its CSS class "s0" to "s7". Positions are shares of the
// plot (0 to 1, upwards). Texts are escaped here. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pushbench::reports {

inline constexpr std::size_t kSeriesClasses = 8;

struct Tick {
  double at = 0;
  std::string label;  // empty: a faint line only
};

struct Line {
  std::size_t series = 0;  // colour and dash
  std::string_view style;  // "", "faint" or "dotted"
  std::vector<std::pair<double, double>> points;
};

struct LineChart {
  std::string title;  // what it shows, for those who cannot see it
  std::string x_title, y_title;
  std::vector<Tick> x_ticks, y_ticks;
  std::vector<Tick> marks = {};  // instants with a name, on the x axis
  std::vector<Line> lines;
};
std::string render_lines(const LineChart& chart);

// One stacked bar a row.
struct BarChart {
  struct Part {
    std::string_view css;  // class that colours it
    std::string label;     // "head 12.3 B"
    double share = 0;      // of the full width
  };
  struct Row {
    std::string name, total;
    std::vector<Part> parts;
  };
  std::string title;
  std::vector<Row> rows;
};
std::string render_bars(const BarChart& chart);

// Names beside samples of their lines; an empty name is passed over and keeps its place.
std::string render_legend(const std::vector<std::string>& names);

// A name that may be broken behind commas and slashes, escaped.
std::string breakable(std::string_view name);

// Round steps: 1, 2 or 5 times a power of ten, about `wanted` of them up to `most`; at least 0 and
// one more.
std::vector<double> round_steps(double most, int wanted);

}  // namespace pushbench::reports
