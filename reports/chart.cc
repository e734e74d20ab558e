#include "reports/chart.h"

#include "reports/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace pushbench::reports {
namespace {

constexpr double kUnits = 1000;  // of the view box, in both directions

double clamped(double share) {
  return std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
}

double across(double share) {
  return clamped(share) * kUnits;
}

double down(double share) {
  return (1 - clamped(share)) * kUnits;
}

std::string path_of(const Line& line) {
  std::string path;
  for (const auto& [x, y] : line.points) {
    fmt::format_to(std::back_inserter(path), "{}{:.1f} {:.1f}", path.empty() ? "M" : "L", across(x),
                   down(y));
  }
  return path;
}

std::string grid(const LineChart& chart) {
  std::string out;
  for (const auto& tick : chart.x_ticks) {
    out += fmt::format("<path class=\"{}\" d=\"M{:.1f} 0V1000\"/>",
                       tick.label.empty() ? "minor" : "major", across(tick.at));
  }
  for (const auto& tick : chart.y_ticks) {
    out += fmt::format("<path class=\"{}\" d=\"M0 {:.1f}H1000\"/>",
                       tick.label.empty() ? "minor" : "major", down(tick.at));
  }
  for (const auto& mark : chart.marks) {
    out += fmt::format("<path class=\"mark\" d=\"M{:.1f} 0V1000\"/>", across(mark.at));
  }
  return out;
}

std::string labels(const std::vector<Tick>& ticks, std::string_view axis, std::string_view edge) {
  std::string out = fmt::format("<div class=\"{}\" aria-hidden=\"true\">", axis);
  for (const auto& tick : ticks) {
    if (!tick.label.empty()) {
      out += fmt::format("<span style=\"{}:{:.2f}%\">{}</span>", edge, 100 * clamped(tick.at),
                         html_escape(tick.label));
    }
  }
  return out + "</div>";
}

}  // namespace

std::string render_lines(const LineChart& chart) {
  std::string out = "<div class=\"chart\"><div class=\"y-title\">" + html_escape(chart.y_title) +
                    "</div>" + labels(chart.y_ticks, "y", "bottom");
  out +=
      "<svg class=\"plot\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-label=\"" +
      html_escape(chart.title) + "\">" + grid(chart);
  for (const auto& line : chart.lines) {
    out += fmt::format("<path class=\"line s{} {}\" d=\"{}\"/>", line.series % kSeriesClasses,
                       line.style, path_of(line));
  }
  return out + "</svg>" + (chart.marks.empty() ? "" : labels(chart.marks, "marks", "left")) +
         labels(chart.x_ticks, "x", "left") + "<div class=\"x-title\">" +
         html_escape(chart.x_title) + "</div></div>\n";
}

std::string render_bars(const BarChart& chart) {
  std::string out =
      "<div class=\"bars\" role=\"img\" aria-label=\"" + html_escape(chart.title) + "\">";
  for (const auto& row : chart.rows) {
    out += "<div class=\"bar-name\">" + breakable(row.name) +
           "</div><svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\">";
    double at = 0;
    for (const auto& part : row.parts) {
      const double width = clamped(part.share) * kUnits;
      out += fmt::format(
          "<rect class=\"{}\" x=\"{:.1f}\" width=\"{:.1f}\" height=\"10\"><title>{}</title></rect>",
          part.css, at, width, html_escape(part.label));
      at += width;
    }
    out += "</svg><div class=\"bar-total\">" + html_escape(row.total) + "</div>";
  }
  return out + "</div>\n";
}

std::string render_legend(const std::vector<std::string>& names) {
  std::string out = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) {
      continue;
    }
    out += fmt::format(
        "<li><svg width=\"34\" height=\"10\" aria-hidden=\"true\"><path class=\"line s{}\" "
        "d=\"M1 5H33\"/></svg>{}</li>",
        i % kSeriesClasses, html_escape(names[i]));
  }
  return out + "</ul>\n";
}

std::string breakable(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto end = name.find_first_of(",/");
    const auto part = name.substr(0, end == std::string_view::npos ? end : end + 1);
    out += html_escape(part);
    name.remove_prefix(part.size());
    out += name.empty() ? "" : "<wbr>";
  }
  return out;
}

std::vector<double> round_steps(double most, int wanted) {
  if (!(most > 0) || !std::isfinite(most)) {
    return {0, 1};
  }
  const double raw = most / wanted;
  double step = 1;
  while (step > raw) {
    step /= 10;
  }
  while (step * 10 <= raw) {
    step *= 10;
  }
  step *= raw > 5 * step ? 10 : raw > 2 * step ? 5 : raw > step ? 2 : 1;
  std::vector<double> out;
  const auto count = static_cast<int>(std::ceil(most / step - 1e-9));
  for (int i = 0; i <= count; ++i) {
    out.push_back(step * i);
  }
  return out;
}

}  // namespace pushbench::reports
