#include "harness/app/sweep_text.h"

#include "harness/app/model_text.h"
#include "harness/base/text.h"
#include "reports/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

namespace pushbench::app {
namespace {

using study::Point;
using study::Sweep;
using study::Winner;

std::string lead(const Winner& winner) {
  if (winner.next.empty()) {
    return "alone";
  }
  return winner.tie()                   ? "tie"
         : std::isfinite(winner.margin) ? fmt::format("{:.2f}x", winner.margin)
                                        : "beyond measure";
}

std::string reason_without(const Point& point) {
  switch (point.status) {
    case Point::Status::kPending: return "not run yet";
    case Point::Status::kImpossible: return "impossible";
    case Point::Status::kDone: break;
  }
  return "no sound figure";
}

std::string list_of(const Sweep& sweep, const result::Metric& metric) {
  reports::TextTable table;
  table.heads = {"point", "best", std::string(metric.title), "ahead of", "by"};
  for (const auto& point : sweep.points) {
    const std::string name = printable(fmt::format("{}", fmt::join(point.values, ", ")));
    const auto winner = winner_of(point, metric);
    if (!winner) {
      table.rows.push_back({name, reason_without(point), "", "", ""});
      continue;
    }
    table.rows.push_back({name, winner->cell, format_metric(metric, winner->value),
                          winner->next.empty() ? "-" : winner->next, lead(*winner)});
  }
  return table.render(kStudyWidth);
}

std::string grid_of(const Sweep& sweep, const result::Metric& metric) {
  const auto& down = sweep.varied[0];
  const auto& across = sweep.varied[1];
  reports::TextTable table;
  table.heads = {printable(down.key)};
  for (const auto& value : across.values) {
    table.heads.push_back(printable(across.key) + "\n" + printable(value));
  }
  for (std::size_t i = 0; i < down.values.size(); ++i) {
    table.rows.push_back({printable(down.values[i])});
    for (std::size_t k = 0; k < across.values.size(); ++k) {
      const Point& point = sweep.points[i * across.values.size() + k];
      const auto winner = winner_of(point, metric);
      table.rows.back().push_back(winner ? winner->cell + " " + lead(*winner)
                                         : reason_without(point));
    }
  }
  return table.render(kStudyWidth);
}

// Where along the last key the winner changes, everything else being equal.
std::string changes_of(const Sweep& sweep, const result::Metric& metric) {
  const std::size_t run = sweep.varied.back().values.size();
  std::string out;
  for (std::size_t i = 1; i < sweep.points.size(); ++i) {
    if (i % run == 0) {
      continue;
    }
    const auto before = winner_of(sweep.points[i - 1], metric);
    const auto after = winner_of(sweep.points[i], metric);
    if (before && after && before->cell != after->cell && !before->tie() && !after->tie()) {
      out += reports::paragraph(
          fmt::format("From {} to {}: {} overtakes {}.",
                      printable(fmt::format("{}", fmt::join(sweep.points[i - 1].values, ", "))),
                      printable(fmt::format("{}", fmt::join(sweep.points[i].values, ", "))),
                      after->cell, before->cell),
          kStudyWidth);
    }
  }
  return out;
}

}  // namespace

std::string sweep_text(const Sweep& sweep, const std::vector<const result::Metric*>& metrics) {
  std::vector<std::string> keys;
  for (const auto& varied : sweep.varied) {
    keys.push_back(varied.key);
  }
  std::string out = reports::paragraph(
      fmt::format("{} over {}: {} of {} points. Best cell, and how much better than the next; "
                  "below {} they tie.",
                  printable(sweep.scenario), fmt::join(keys, ", "), sweep.done(),
                  sweep.points.size(), fmt::format("{:.2f}x", study::kSweepTie)),
      kStudyWidth);
  for (const auto* metric : metrics) {
    out += fmt::format("\nBy {}\n", metric->name);
    out += sweep.varied.size() == 2 ? grid_of(sweep, *metric) : list_of(sweep, *metric);
    out += changes_of(sweep, *metric);
  }
  std::string impossible;
  for (const auto& point : sweep.points) {
    if (point.status == Point::Status::kImpossible) {
      impossible += reports::paragraph(
          fmt::format("{}: {}.", printable(fmt::format("{}", fmt::join(point.values, ", "))),
                      printable(point.text)),
          kStudyWidth);
    }
  }
  return impossible.empty() ? out : out + "\n" + impossible;
}

}  // namespace pushbench::app
