#include "harness/app/capacity_text.h"

#include "harness/app/model_text.h"
#include "harness/base/text.h"
#include "reports/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pushbench::app {
namespace {

using study::Knee;
using study::Search;

const study::Axis& axis_of(const std::string& name) {
  return **study::find_axis("", name);
}

std::string holds_text(const Search& search, const Knee& knee) {
  if (!knee.held) {
    return search.records.empty() ? "not tried" : "none";
  }
  return (knee.at_least() ? "at least " : "") + study::load_text(axis_of(search.axis), *knee.held);
}

std::string state_text(const Search& search, const Knee& knee) {
  if (!knee.held) {
    return "-";
  }
  if (search.next()) {
    return knee.resolved && knee.confirmed ? "yes" : "no";
  }
  return knee.confirmed ? "yes" : "no";
}

std::string table_of(const std::vector<const Search*>& searches) {
  reports::TextTable table;
  table.heads = {"strategy", "holds", "fails at", "gave out", "sure", "trials"};
  for (const auto* search : searches) {
    const Knee knee = search->knee();
    const auto* record = search->what_gave_out();
    table.rows.push_back({printable(search->cell), holds_text(*search, knee),
                          knee.failed ? study::load_text(axis_of(search->axis), *knee.failed) : "-",
                          record != nullptr ? std::string(study::cause_name(record->cause)) : "-",
                          state_text(*search, knee), std::to_string(search->records.size())});
  }
  return table.render(kStudyWidth);
}

std::string why_text(const Search& search) {
  const Knee knee = search.knee();
  std::string out = printable(search.cell);
  if (!search.fixed_axis.empty()) {
    out += " with " + study::load_text(axis_of(search.fixed_axis), search.fixed);
  }
  out += ": " + interval_text(search) + ".";
  const auto* record = search.what_gave_out();
  if (record != nullptr) {
    out += fmt::format(" At {}: {}.", study::load_text(axis_of(search.axis), record->trial.load),
                       printable(record->text));
  }
  if (knee.by_generator) {
    out +=
        " The load generator gave out and not the server: what it holds may be more; use more "
        "cores for the clients, or drive the server from another host.";
  } else if (knee.impossible) {
    out += " This machine cannot make that load; the server may hold more.";
  }
  if (knee.stays_down && *knee.stays_down) {
    out += " Right after an overload it did not hold this load again.";
  } else if (knee.stays_down) {
    out += " It held this load again right after an overload.";
  }
  return reports::paragraph(out, kStudyWidth);
}

// The second load that searches along the first had, the scenario's own: the first search along the
// second begins with twice as much (CapacityState::extend_frontier).
std::optional<double> own_second(const study::CapacityState& state) {
  std::optional<double> out;
  for (const auto& search : state.searches) {
    if (!search.fixed_axis.empty()) {
      out = std::min(out.value_or(search.start / 2), search.start / 2);
    }
  }
  return out;
}

// All searches along one axis with the other fixed, the strategies side by side.
std::string frontier_text(const study::CapacityState& state) {
  const auto own = own_second(state);
  if (!own || state.axes.size() < 2) {
    return "";
  }
  reports::TextTable table;
  const auto& first = axis_of(state.axes[0]);
  const auto& second = axis_of(state.axes[1]);
  table.heads = {"strategy", std::string(first.name), std::string(second.name)};
  for (const auto& search : state.searches) {
    const bool along_first = search.fixed_axis.empty();
    table.rows.push_back(
        {printable(search.cell),
         along_first ? interval_text(search) : study::load_text(first, search.fixed),
         along_first ? study::load_text(second, *own) : interval_text(search)});
  }
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [](const auto& a, const auto& b) { return a[0] < b[0]; });
  return "\nFrontier: both loads at the same time\n" + table.render(kStudyWidth);
}

}  // namespace

std::string interval_text(const Search& search) {
  const Knee knee = search.knee();
  const auto& axis = axis_of(search.axis);
  if (!knee.held) {
    if (!knee.failed) {
      return "nothing is known";
    }
    return "not even " + study::load_text(axis, *knee.failed);
  }
  if (knee.at_least()) {
    return "at least " + study::load_text(axis, *knee.held);
  }
  return fmt::format("from {} to {}", study::load_text(axis, *knee.held),
                     study::load_text(axis, *knee.failed));
}

std::string capacity_text(const study::CapacityState& state, std::optional<Nanos> ended_budget) {
  std::vector<std::string> bounds;
  for (const auto& bound : state.slos) {
    bounds.push_back(printable(bound));
  }
  std::string out =
      reports::paragraph(fmt::format("What one server holds of {}, while {}.",
                                     printable(state.scenario), fmt::join(bounds, " and ")),
                         kStudyWidth);
  if (ended_budget) {
    out += reports::paragraph(
        fmt::format("The budget of {} ended before every answer was confirmed; the same command "
                    "with the same --out goes on.",
                    human_duration(*ended_budget)),
        kStudyWidth);
  }
  std::vector<const Search*> first;
  for (const auto& search : state.searches) {
    if (search.fixed_axis.empty()) {
      first.push_back(&search);
    }
  }
  out += "\n" + table_of(first) + frontier_text(state) + "\n";
  for (const auto& search : state.searches) {
    out += why_text(search);
  }
  for (const auto& one : state.skipped) {
    out += reports::paragraph(
        fmt::format("{}: not searched: {}.", printable(one.cell), printable(one.why)), kStudyWidth);
  }
  return out;
}

}  // namespace pushbench::app
