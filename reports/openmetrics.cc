// OpenMetrics 1.0 text (the IETF draft of that name): gauges in base units, so seconds instead of
// nanoseconds; where the name ends with the unit it is declared as such. A figure that was not
// measured has no sample. The last line is "# EOF".
#include "harness/base/text.h"
#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace pushbench::reports {
namespace {

using result::Metric;
using result::Unit;

std::string label_value(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\\' || c == '"') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

// "pushbench_latency_p99_seconds", "pushbench_server_cpu_seconds_per_delivery".
std::string family_name(const Metric& metric) {
  std::string out = "pushbench";
  std::string_view rest = metric.name;
  while (!rest.empty()) {
    const auto word = rest.substr(0, rest.find('_'));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    out += "_" + std::string(word == "ns" ? "seconds" : word);
  }
  return out;
}

// A unit may be declared only where it is the end of the name.
std::string_view declared_unit(std::string_view name) {
  for (const std::string_view unit : {"seconds", "bytes"}) {
    if (name.ends_with(unit)) {
      return unit;
    }
  }
  return "";
}

// Samples by their labels: equal ones, as of several runs, are one, the highest.
using Samples = std::map<std::string, double>;

void put_sample(Samples& samples, const std::string& labels, double value) {
  const auto [at, is_new] = samples.try_emplace(labels, value);
  at->second = is_new ? value : std::max(at->second, value);
}

std::string family(std::string_view name, std::string_view help, const Samples& samples) {
  if (samples.empty()) {
    return "";
  }
  const auto unit = declared_unit(name);
  std::string out = fmt::format("# TYPE {} gauge\n", name);
  out += unit.empty() ? "" : fmt::format("# UNIT {} {}\n", name, unit);
  out += fmt::format("# HELP {} {}\n", name, label_value(help));
  for (const auto& [labels, value] : samples) {
    out += fmt::format("{}{{{}}} {}\n", name, labels, value);
  }
  return out;
}

std::string metric_family(const Metric& metric, const std::vector<Subject>& subjects) {
  Samples samples;
  const double scale = metric.unit == Unit::kNanos ? 1e9 : 1;
  for (const auto& subject : subjects) {
    const auto figure = figure_of(subject.takes, metric);
    if (figure && std::isfinite(figure->value)) {
      put_sample(samples,
                 fmt::format("scenario=\"{}\",cell=\"{}\"", subject.scenario, subject.cell),
                 figure->value / scale);
    }
  }
  return family(family_name(metric), metric.about, samples);
}

std::string run_families(Runs runs) {
  Samples verdicts, infos, thresholds;
  for (const auto& run : runs) {
    const auto scenario = stable_name(run.scenario.name);
    put_sample(verdicts, fmt::format("scenario=\"{}\"", scenario),
               static_cast<double>(run.verdict));
    put_sample(infos,
               fmt::format("scenario=\"{}\",workload=\"{}\",version=\"{}\",commit=\"{}\"", scenario,
                           run.scenario.hash(), label_value(run.tool_version),
                           label_value(run.tool_commit)),
               1);
    for (const auto& threshold : run.thresholds) {
      if (threshold.actual) {
        put_sample(thresholds,
                   fmt::format("scenario=\"{}\",cell=\"{}\",threshold=\"{}\"", scenario,
                               stable_name(threshold.cell), label_value(threshold.text)),
                   threshold.crossed ? 1 : 0);
      }
    }
  }
  return family("pushbench_build", "What was run, and by which pushbench.", infos) +
         family("pushbench_verdict", "0 valid, 1 suspect, 2 invalid.", verdicts) +
         family("pushbench_threshold_crossed", "1 where a threshold of the scenario is crossed.",
                thresholds);
}

}  // namespace

std::vector<ExportFile> export_openmetrics(Runs runs, const ExportOptions& options) {
  const auto subjects = subjects_of(runs);
  std::string out = run_families(runs);
  for (const auto* metric : metrics_of(options)) {
    out += metric_family(*metric, subjects);
  }
  return {{"metrics.txt", out + "# EOF\n"}};
}

}  // namespace pushbench::reports
