// Google Benchmark's JSON (its docs, "Output Formats"), as its compare.py reads it: a row a repeat,
// so that its U test has something to work on; real_time is the chosen latency, cpu_time the
// server's processor time per delivery, the metrics are counters beside them. That reader wants
// both times as numbers: a take without the latency has no row, and a server whose processor time
// was not measured shows 0 and says so in its label.
#include "harness/base/text.h"
#include "harness/result/json_writer.h"
#include "reports/figures.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

namespace pushbench::reports {
namespace {

using result::JsonWriter;
using result::Metric;

void write_context(JsonWriter& json, Runs runs) {
  json.key("context");
  json.begin_object();
  if (!runs.empty()) {
    const auto& run = runs.front();
    json.field("date", printable(run.started_utc));
    json.field("executable", "pushbench");
    if (const auto cores = run.environment.find("cores"); cores != run.environment.end()) {
      json.field("num_cpus", std::atoi(cores->second.c_str()));
    }
    json.field("library_build_type",
               run.tool_build.find("Release") == std::string::npos ? "debug" : "release");
    json.field("pushbench_version", printable(run.tool_version + " (" + run.tool_commit + ")"));
    json.field("workload", run.scenario.hash());
  }
  json.end_object();
}

struct TakeRow {
  const Take* take;
  double real_time;
};

void write_row(JsonWriter& json, const TakeRow& row, const ExportOptions& options) {
  const auto& [run, cell] = *row.take;
  const auto cpu = result::find_metric("server_cpu_ns_per_delivery")->read(*cell);
  json.field("threads", 1);
  json.field("iterations", cell->counters[result::Counter::kDelivered]);
  json.field("real_time", row.real_time);
  json.field("cpu_time", cpu.value_or(0));
  json.field("time_unit", "ns");
  json.field("label", fmt::format("{}{}", result::verdict_name(run->verdict),
                                  cpu ? "" : ", CPU time of the server was not measured"));
  for (const auto* metric : metrics_of(options)) {
    json.field(metric_key(*metric), metric->read(*cell));
  }
}

void write_subject(JsonWriter& json,
                   const Subject& subject,
                   const Metric& latency,
                   std::size_t family,
                   const ExportOptions& options) {
  std::vector<TakeRow> rows;
  for (const auto& take : subject.takes) {
    if (const auto value = latency.read(*take.cell)) {
      rows.push_back({&take, *value});
    }
  }
  const std::string name = subject.name() + "/" + metric_key(latency);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    json.begin_object();
    json.field("name", name);
    json.field("family_index", family);
    json.field("per_family_instance_index", 0);
    json.field("run_name", name);
    json.field("run_type", "iteration");
    json.field("repetitions", rows.size());
    json.field("repetition_index", i);
    write_row(json, rows[i], options);
    json.end_object();
  }
}

}  // namespace

std::vector<ExportFile> export_gbench(Runs runs, const ExportOptions& options) {
  const auto& latency =
      options.latency != nullptr ? *options.latency : *result::find_metric("latency_p99_ns");
  JsonWriter json;
  json.begin_object();
  write_context(json, runs);
  json.key("benchmarks");
  json.begin_array();
  std::size_t family = 0;
  for (const auto& subject : subjects_of(runs)) {
    write_subject(json, subject, latency, family++, options);
  }
  json.end_array();
  json.end_object();
  return {{"gbench.json", json.take()}};
}

}  // namespace pushbench::reports
