#include "harness/gate/facts.h"

#include "harness/result/result_file.h"
#include "harness/result/validity.h"

#include <fmt/format.h>

#include <system_error>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace pushbench::gate {
namespace {

constexpr std::string_view kResultName = "result.json";

// What must be alike for two measurements to be compared. Not in it: what a product may change by
// itself, such as the congestion control of a server's sockets.
constexpr auto kEnvironmentKeys = std::to_array<std::string_view>(
    {"cpu", "cores", "cpu_quota", "kernel", "governor", "clock_source", "pinned", "audit"});

// Zero in a sound run.
constexpr auto kAuditMetrics = std::to_array<std::string_view>(
    {"lost", "duplicate", "reordered", "gaps", "requests_failed", "sockets_failed", "sockets_cut"});

// Caveats that say no more than what the audit of the gate counts itself.
constexpr auto kAuditCaveats =
    std::to_array<std::string_view>({"lost-events", "gaps", "failed-sockets", "failed-requests",
                                     "duplicate-events", "reordered-events"});

bool is_audited(const std::string& caveat) {
  return std::find(kAuditCaveats.begin(), kAuditCaveats.end(), caveat) != kAuditCaveats.end();
}

// "Release" of "Release GNU 12.2.0", "Debug sanitized" of "Debug sanitized GNU 12.2.0".
std::string build_kind(const std::string& build) {
  const auto at = build.find(" sanitized");
  return build.substr(0, build.find(' ')) + (at == std::string::npos ? "" : " sanitized");
}

Within quantile_within(const stats::Histogram& histogram, double q, std::uint64_t draws) {
  Within out{
      .quantile = q, .draws = std::min(draws, histogram.count()), .shares = {}, .seconds = {}};
  std::uint64_t seen = 0;
  histogram.for_each([&](std::int64_t, std::int64_t highest, std::uint64_t count) {
    seen += count;
    out.shares.emplace_back(static_cast<double>(seen) / static_cast<double>(histogram.count()),
                            static_cast<double>(highest));
  });
  return out;
}

// The whole seconds of the measure phase; `numerator` of second i, per received event.
template <class Numerator>
Within seconds_within(const result::CellResult& cell, Numerator numerator) {
  Within out;
  const auto& series = cell.series;
  if (!cell.phases.measure_s || !cell.phases.drain_s) {
    return out;
  }
  for (std::size_t i = 0; i < series.at_s.size() && i < series.received_per_s.size(); ++i) {
    const double received = series.received_per_s[i];
    const double above = numerator(i, received);
    if (series.at_s[i] - 1 >= *cell.phases.measure_s && series.at_s[i] <= *cell.phases.drain_s &&
        std::isfinite(above) && received > 0) {
      out.seconds.emplace_back(above, received);
    }
  }
  return out;
}

double point(const std::vector<double>& series, std::size_t at) {
  return at < series.size() ? series[at] : result::kNotMeasured;
}

std::map<std::string, Within, std::less<>> within_of(const result::CellResult& cell) {
  std::map<std::string, Within, std::less<>> out;
  for (const auto& metric : result::metrics()) {
    if (metric.quantile > 0 && metric.name.starts_with("latency_p") && metric.read(cell)) {
      out.emplace(metric.name,
                  quantile_within(cell.latency, metric.quantile, cell.events_measured));
    }
  }
  out.emplace("latency_mean_ns", seconds_within(cell, [&cell](std::size_t i, double received) {
                return point(cell.series.mean_latency_ns, i) * received;
              }));
  out.emplace("server_cpu_ns_per_delivery", seconds_within(cell, [&cell](std::size_t i, double) {
                return point(cell.series.server_cpu_share, i);
              }));
  return out;
}

CellFacts cell_facts(const result::CellResult& cell) {
  CellFacts out;
  for (const auto& metric : result::metrics()) {
    out.metrics.push_back(metric.read(cell));
  }
  for (const auto name : kAuditMetrics) {
    if (const auto value = out.read(name)) {
      out.audit.emplace(name, static_cast<std::uint64_t>(*value));
    }
  }
  out.exact = cell.exact;
  out.predicted = cell.predicted;
  out.within = within_of(cell);
  return out;
}

Failure at_fault(const std::string& file, std::string_view why) {
  return usage(fmt::format("{}: {}", file, why));
}

Result<std::vector<std::string>> files_below(const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  std::error_code ec;
  std::size_t seen = 0;
  for (fs::recursive_directory_iterator at(path, ec), end; !ec && at != end; at.increment(ec)) {
    if (++seen > kMostFiles * 10) {
      return at_fault(path, fmt::format("holds more than {} entries; name a smaller directory",
                                        kMostFiles * 10));
    }
    if (at->path().filename() == kResultName && at->is_regular_file(ec)) {
      out.push_back(at->path().string());
    }
  }
  if (ec) {
    return at_fault(path, fmt::format("cannot be read: {}", ec.message()));
  }
  if (out.empty()) {
    return at_fault(path,
                    "there is no result.json in this directory or below it; name a result "
                    "file, or a directory that 'pushbench run --out' wrote to");
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::optional<double> CellFacts::read(std::string_view metric) const {
  const auto* found = result::find_metric(metric);
  const auto at = found == nullptr ? metrics.size()
                                   : static_cast<std::size_t>(found - result::metrics().data());
  return at < metrics.size() ? metrics[at] : std::nullopt;
}

RunFacts facts_of(result::RunResult run, const std::string& file) {
  result::judge_validity(run);
  RunFacts out{.file = file,
               .started_utc = run.started_utc,
               .scenario = run.scenario.name,
               .scenario_hash = run.scenario.hash(),
               .server = run.server,
               .tool_version = run.tool_version,
               .tool_commit = run.tool_commit,
               .environment = {},
               .invalid = false,
               .why_invalid = {},
               .cells = {}};
  for (const auto key : kEnvironmentKeys) {
    const auto found = run.environment.find(std::string(key));
    out.environment.emplace(key, found == run.environment.end() ? "" : found->second);
  }
  out.environment.emplace("build", build_kind(run.tool_build));
  for (const auto& caveat : run.caveats) {
    if (caveat.severity == result::Verdict::kInvalid && !is_audited(caveat.id) && !out.invalid) {
      out.invalid = true;
      out.why_invalid = caveat.id + ": " + caveat.text;
    }
  }
  for (const auto& cell : run.cells) {
    auto& repeats = out.cells[cell.name];
    repeats.push_back(cell_facts(cell));
    repeats.back().started_utc = run.started_utc;
  }
  return out;
}

Result<std::vector<std::string>> result_files(const std::string& path) {
  std::error_code ec;
  const auto status = std::filesystem::status(path, ec);
  if (!std::filesystem::exists(status)) {
    return at_fault(path, "does not exist; name a result file, or a directory of them");
  }
  if (std::filesystem::is_directory(status)) {
    return files_below(path);
  }
  return std::vector<std::string>{path};
}

Result<Arm> load_arm(const std::string& path) {
  const auto files = result_files(path);
  if (!files) {
    return files.error();
  }
  if (files->size() > kMostRuns) {
    return at_fault(path, fmt::format("holds {} runs; expected at most {}, name a part of them",
                                      files->size(), kMostRuns));
  }
  Arm arm{.name = path, .runs = {}};
  for (const auto& file : *files) {
    auto run = result::load_result(file);
    if (!run) {
      return run.error();
    }
    if (run->cells.empty()) {
      return at_fault(file, "the run holds no cell, so there is nothing to compare; run it again");
    }
    arm.runs.push_back(facts_of(std::move(*run), file));
  }
  std::stable_sort(arm.runs.begin(), arm.runs.end(), [](const RunFacts& a, const RunFacts& b) {
    return a.started_utc < b.started_utc;
  });
  return arm;
}

}  // namespace pushbench::gate
