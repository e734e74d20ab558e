// Results for other tools: a format is a pure function from results to files, and a row in a table.
// What is named in them is `scenario/cell/metric` in kebab-case, without host or date, so that a
// history goes on when the machine changes; the words of figures.h. Text from a scenario, a server
// or a file cannot break out of any of them.
#pragma once

#include "harness/base/error.h"
#include "harness/result/metrics.h"
#include "harness/result/run_result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

struct ExportFile {
  std::string name;  // without a folder
  std::string text;
};

struct ExportOptions {
  std::vector<const result::Metric*> metrics = {};  // only these; empty: all
  const result::Metric* latency = nullptr;          // what is called the time; null: latency_p99_ns
};

using ExportFn = std::vector<ExportFile> (*)(std::span<const result::RunResult>,
                                             const ExportOptions&);

struct Export {
  std::string_view name;   // "gbench"
  std::string_view files;  // what it is called in a directory
  std::string_view holds;  // what a figure in it is of: "cell", "run", …
  std::string_view about;
  bool joins;   // runs of one scenario become takes of one figure
  bool tracks;  // for a history that has no word for "not valid": such a run is refused
  ExportFn make;
};

std::span<const Export> exports() noexcept;
const Export* find_export(std::string_view name) noexcept;

// A history that takes figures of two workloads for one is worth nothing: a failure when two of the
// runs have one name and different workloads, or when one is not valid and the format cannot say
// so.
Result<void> check_export(const Export& format, std::span<const result::RunResult> runs);

// The table in Markdown, for the README.
std::string export_reference();

// The rows of the table; each in a file of its own.
using Runs = std::span<const result::RunResult>;
std::vector<ExportFile> export_bencher(Runs runs, const ExportOptions& options);
std::vector<ExportFile> export_gbench(Runs runs, const ExportOptions& options);
std::vector<ExportFile> export_github_benchmark(Runs runs, const ExportOptions& options);
std::vector<ExportFile> export_hlog(Runs runs, const ExportOptions& options);
std::vector<ExportFile> export_junit(Runs runs, const ExportOptions& options);
std::vector<ExportFile> export_openmetrics(Runs runs, const ExportOptions& options);
std::vector<ExportFile> export_otava(Runs runs, const ExportOptions& options);

}  // namespace pushbench::reports
