#include "reports/summary.h"

#include "harness/result/metrics.h"
#include "reports/escape.h"
#include "reports/markdown.h"
#include "reports/workload.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace pushbench::reports {
namespace {

using result::RunResult;

constexpr std::string_view kCut = "\n\n_Cut here: a summary has at most 200 kB._\n";
constexpr std::string_view kFolded =
    "_The other tables are left out, as a summary has at most 200 kB: `pushbench report "
    "result.json`._\n\n";

struct SummaryColumn {
  std::string_view metric;
  std::string_view head;
};
constexpr auto kColumns = std::to_array<SummaryColumn>({
    {"latency_p50_ns", "p50"},
    {"latency_p99_ns", "p99"},
    {"bytes_per_delivery", "bytes/delivery"},
    {"requests_per_delivery", "requests/delivery"},
    {"server_cpu_ns_per_delivery", "server CPU/delivery"},
    {"lost", "lost"},
});

std::string table_of(const RunResult& run) {
  std::string out = "| cell |";
  std::string rule = "|---|";
  for (const auto& column : kColumns) {
    out += fmt::format(" {} |", column.head);
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (const auto& cell : run.cells) {
    out += "| " + markdown_escape(cell.label()) + " |";
    for (const auto& column : kColumns) {
      const auto* metric = result::find_metric(column.metric);
      out += " " + result::format_metric(*metric, metric->read(cell)) + " |";
    }
    out += "\n";
  }
  return out + "\n";
}

std::string brief_of(const RunResult& run) {
  return "## " + markdown_escape(run.scenario.name) + "\n\n" + markdown_verdict(run) +
         table_of(run) + markdown_thresholds(run) + markdown_escape(workload_line(run)) +
         ". Again: " + markdown_escape(run.command) + "\n\n";
}

std::string folded(const RunResult& run) {
  return "<details><summary>Every table</summary>\n\n" + markdown_tables(run) + "</details>\n\n";
}

}  // namespace

std::string render_summary(std::span<const RunResult> runs) {
  std::string out;
  for (const auto& run : runs) {
    out += brief_of(run);
    if (out.size() > kSummaryBytes) {
      out.resize(kSummaryBytes - kCut.size());
      out.resize(out.rfind('\n') + 1);
      return out.append(kCut);
    }
    const auto more = folded(run);
    out += out.size() + more.size() + kFolded.size() <= kSummaryBytes ? more : std::string(kFolded);
  }
  return out;
}

}  // namespace pushbench::reports
