// For Apache Otava's CSV importer: a table a scenario with a row a run, oldest first, and the
// otava.yaml that names its columns and which way each is better. That importer takes every field
// of a named column for a number, so a column is one that every run has a figure for.
#include "reports/escape.h"
#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::reports {
namespace {

using result::Better;
using result::Metric;
using result::RunResult;

struct HistoryColumn {
  std::string name;  // "chat/websocket/latency-p99-ns"
  const Metric* metric;
  std::string cell;
};

struct OtavaHistory {
  std::string scenario;
  std::vector<const RunResult*> runs = {};
  std::vector<HistoryColumn> columns = {};
};

std::vector<Take> takes_of(const RunResult& run, std::string_view cell) {
  std::vector<Take> out;
  for (const auto& one : run.cells) {
    if (stable_name(one.name) == cell) {
      out.push_back({&run, &one});
    }
  }
  return out;
}

std::optional<Figure> figure_in(const RunResult& run, const HistoryColumn& column) {
  return figure_of(takes_of(run, column.cell), *column.metric);
}

void add_columns(OtavaHistory& history, const Subject& subject, const ExportOptions& options) {
  for (const auto* metric : metrics_of(options)) {
    if (metric->better == Better::kNeither) {
      continue;
    }
    HistoryColumn column{subject.name() + "/" + metric_key(*metric), metric, subject.cell};
    if (std::all_of(history.runs.begin(), history.runs.end(), [&column](const RunResult* run) {
          return figure_in(*run, column).has_value();
        })) {
      history.columns.push_back(std::move(column));
    }
  }
}

std::vector<OtavaHistory> histories_of(Runs runs, const ExportOptions& options) {
  std::vector<OtavaHistory> out;
  for (const auto& run : runs) {
    const auto name = stable_name(run.scenario.name);
    auto found = std::find_if(out.begin(), out.end(),
                              [&name](const OtavaHistory& one) { return one.scenario == name; });
    if (found == out.end()) {
      out.push_back({.scenario = name});
      found = out.end() - 1;
    }
    found->runs.push_back(&run);
  }
  const auto subjects = subjects_of(runs);
  for (auto& history : out) {
    std::stable_sort(
        history.runs.begin(), history.runs.end(),
        [](const RunResult* a, const RunResult* b) { return a->started_utc < b->started_utc; });
    for (const auto& subject : subjects) {
      if (subject.scenario == history.scenario) {
        add_columns(history, subject, options);
      }
    }
  }
  return out;
}

// A name may hold slashes, a file name not.
std::string file_name(const OtavaHistory& history) {
  std::string name = history.scenario;
  std::replace(name.begin(), name.end(), '/', '-');
  return name + ".csv";
}

std::string table_of(const OtavaHistory& history) {
  std::string out = "time,commit,version";
  for (const auto& column : history.columns) {
    out += "," + csv_escape(column.name);
  }
  out += "\n";
  for (const auto* run : history.runs) {
    out += csv_escape(run->started_utc) + "," + csv_escape(run->tool_commit) + "," +
           csv_escape(run->tool_version);
    for (const auto& column : history.columns) {
      out += fmt::format(",{}", figure_in(*run, column)->value);
    }
    out += "\n";
  }
  return out;
}

// Stable names hold nothing that YAML would read in double quotes.
std::string test_of(const OtavaHistory& history) {
  std::string out = fmt::format(
      "  \"{}\":\n    type: csv\n    file: \"{}\"\n    time_column: time\n"
      "    attributes: [commit, version]\n    metrics:{}\n",
      history.scenario, file_name(history), history.columns.empty() ? " {}" : "");
  for (const auto& column : history.columns) {
    out += fmt::format("      \"{}\": {{direction: {}, scale: 1}}\n", column.name,
                       column.metric->better == Better::kMore ? 1 : -1);
  }
  return out;
}

}  // namespace

std::vector<ExportFile> export_otava(Runs runs, const ExportOptions& options) {
  std::vector<ExportFile> out;
  const auto histories = histories_of(runs, options);
  std::string tests = histories.empty() ? "tests: {}\n" : "tests:\n";
  for (const auto& history : histories) {
    out.push_back({file_name(history), table_of(history)});
    tests += test_of(history);
  }
  out.push_back({"otava.yaml", std::move(tests)});
  return out;
}

}  // namespace pushbench::reports
