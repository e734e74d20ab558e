#include "reports/export.h"

#include "harness/base/text.h"
#include "reports/csv.h"
#include "reports/hgrm.h"
#include "reports/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::reports {
namespace {

using result::RunResult;
using result::Verdict;

std::vector<ExportFile> export_csv(Runs runs, const ExportOptions&) {
  return {{"pushbench.csv", render_csv(runs, {})}};
}

std::vector<ExportFile> export_hgrm(Runs runs, const ExportOptions&) {
  return {{"latency.hgrm", render_hgrm(runs, {})}};
}

std::vector<ExportFile> export_markdown(Runs runs, const ExportOptions&) {
  return {{"summary.md", render_summary(runs)}};
}

constexpr auto kExports = std::to_array<Export>({
    {"gbench", "gbench.json", "cell and repeat",
     "Google Benchmark's JSON, for its compare.py: the chosen latency is real_time, the server's "
     "CPU per delivery cpu_time, every metric a counter",
     true, true, export_gbench},
    {"github-action-benchmark", "gab-smaller.json, gab-bigger.json", "cell",
     "its tools customSmallerIsBetter and customBiggerIsBetter, a file each", true, true,
     export_github_benchmark},
    {"bencher", "bencher.json", "cell", "Bencher Metric Format: a benchmark a cell", true, true,
     export_bencher},
    {"otava", "SCENARIO.csv, otava.yaml", "run",
     "Apache Otava: a row a run, a column a metric that every run has, and the tests that read it",
     true, true, export_otava},
    {"openmetrics", "metrics.txt", "cell",
     "OpenMetrics text in base units, for GitLab's metrics reports and Prometheus", true, false,
     export_openmetrics},
    {"junit", "junit.xml", "threshold and cell",
     "JUnit XML: a test case a threshold and cell, and one for the validity of the run", false,
     false, export_junit},
    {"markdown", "summary.md", "run",
     "a summary of at most 200 kB; `run` appends it to $GITHUB_STEP_SUMMARY by itself", false,
     false, export_markdown},
    {"csv", "pushbench.csv", "cell and repeat", "one row a cell, raw numbers", false, false,
     export_csv},
    {"hgrm", "latency.hgrm", "cell and repeat", "latency percentiles for HdrHistogram plotters",
     false, false, export_hgrm},
    {"hlog", "latency.hlog", "cell and repeat",
     "HdrHistogram log 1.3: the measure window with a tag for each cell, then interval by interval",
     false, false, export_hlog},
});

Failure not_valid(const Export& format, const RunResult& run) {
  std::vector<std::string> ids;
  for (const auto& caveat : run.caveats) {
    if (caveat.severity == Verdict::kInvalid &&
        std::find(ids.begin(), ids.end(), caveat.id) == ids.end()) {
      ids.push_back(caveat.id);
    }
  }
  return {
      printable(fmt::format("the run of {} at {} is not valid ({}), and a history in the "
                            "format {} would not show it; measure again, or take the figures "
                            "all the same by --even-invalid",
                            run.scenario.name, run.started_utc, fmt::join(ids, ", "), format.name)),
      ExitCode::kNotValid};
}

}  // namespace

std::span<const Export> exports() noexcept {
  return kExports;
}

const Export* find_export(std::string_view name) noexcept {
  const auto found = std::find_if(kExports.begin(), kExports.end(),
                                  [name](const Export& one) { return one.name == name; });
  return found == kExports.end() ? nullptr : &*found;
}

Result<void> check_export(const Export& format, std::span<const RunResult> runs) {
  for (const auto& run : runs) {
    const auto other = std::find_if(runs.begin(), runs.end(), [&run](const RunResult& one) {
      return one.scenario.name == run.scenario.name && one.scenario.hash() != run.scenario.hash();
    });
    if (format.joins && other != runs.end()) {
      return usage(printable(
          fmt::format("the runs of {0} at {1} and at {2} are of different workloads (hash {3} and "
                      "{4}), and {5} would take them for one; export them one by one",
                      run.scenario.name, run.started_utc, other->started_utc, run.scenario.hash(),
                      other->scenario.hash(), format.name)));
    }
    if (format.tracks && run.verdict == Verdict::kInvalid) {
      return not_valid(format, run);
    }
  }
  return {};
}

std::string export_reference() {
  std::string out = "| format | files | a figure is of one | for |\n|---|---|---|---|\n";
  for (const auto& one : kExports) {
    out += fmt::format("| `{}` | {} | {} | {} |\n", one.name, one.files, one.holds, one.about);
  }
  return out;
}

}  // namespace pushbench::reports
