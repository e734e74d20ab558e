#include "reports/remarks.h"

#include "harness/base/text.h"
#include "harness/result/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::RunResult;

std::string duration(std::uint64_t ns) {
  return human_duration(stats::Nanos{static_cast<stats::Nanos::rep>(ns)});
}

std::string classes_of(const result::FaultCounts& faults) {
  std::string out;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (faults[i] > 0) {
      out += fmt::format("{}{} {}", out.empty() ? "" : ", ", fault_name(static_cast<Fault>(i)),
                         human_count(static_cast<double>(faults[i])));
    }
  }
  return out;
}

std::string faults_of(const CellResult& cell) {
  struct FaultKind {
    std::string_view name;
    const result::FaultCounts& faults;
  };
  const std::array<FaultKind, 3> kinds{{{"connects failed", cell.connect_faults},
                                        {"connections cut", cell.cut_faults},
                                        {"requests failed", cell.request_faults}}};
  std::string out;
  for (const auto& [name, faults] : kinds) {
    if (const auto classes = classes_of(faults); !classes.empty()) {
      out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", name, classes);
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> floor_remark(const RunResult& run) {
  if (!run.floor || run.floor->latency_p50_ns == 0) {
    return {};
  }
  const double near = kFloorMatters * static_cast<double>(run.floor->latency_p50_ns);
  const bool any = std::any_of(run.cells.begin(), run.cells.end(), [near](const CellResult& cell) {
    return !cell.latency.empty() && static_cast<double>(cell.latency.quantile(0.5).count()) < near;
  });
  if (!any) {
    return {};
  }
  return {
      fmt::format("The tool's own floor on this machine is {} at p50 and {} at p99, and {} of a "
                  "processor per delivery (pushbench selftest): smaller differences are its "
                  "own.",
                  duration(run.floor->latency_p50_ns), duration(run.floor->latency_p99_ns),
                  duration(run.floor->cost_ns_per_delivery))};
}

std::vector<std::string> fault_remarks(const RunResult& run) {
  std::vector<std::string> out;
  for (const auto& cell : run.cells) {
    if (const auto faults = faults_of(cell); !faults.empty()) {
      out.push_back(cell.label() + ": " + faults);
    }
  }
  return out;
}

std::vector<std::string> compression_remark(const RunResult& run) {
  const auto* metric = result::find_metric("compression_ratio");
  std::string ratios;
  for (const auto& cell : run.cells) {
    if (const auto ratio = metric->read(cell)) {
      ratios += fmt::format("{}{} {:.3g}", ratios.empty() ? "" : ", ", cell.label(), *ratio);
    }
  }
  return ratios.empty() ? std::vector<std::string>()
                        : std::vector<std::string>{fmt::format(
                              "Bytes of event text per byte of payload: {}. Compressed payload of "
                              "HTTP holds the envelope too, which is framing elsewhere.",
                              ratios)};
}

}  // namespace pushbench::reports
