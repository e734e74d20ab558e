#include "reports/page_data.h"

#include "harness/result/json_io.h"
#include "harness/result/json_writer.h"
#include "harness/result/metrics.h"
#include "harness/stats/interval.h"
#include "reports/caveats.h"
#include "reports/format.h"
#include "reports/heat.h"
#include "reports/published.h"
#include "reports/remarks.h"
#include "reports/topics.h"
#include "reports/workload.h"

#include <array>
#include <string_view>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::JsonWriter;
using result::RunResult;

struct Curve {
  std::string_view name;
  stats::Histogram CellResult::*histogram;
};
constexpr auto kCurves = std::to_array<Curve>({
    {"latency", &CellResult::latency},
    {"latency_from_sent", &CellResult::latency_from_sent},
    {"fan_out_spread", &CellResult::fan_out_spread},
    {"client_p50", &CellResult::client_p50},
    {"client_p99", &CellResult::client_p99},
    {"setup", &CellResult::setup},
    {"publisher_lag", &CellResult::publisher_lag},
    {"loop_lag", &CellResult::loop_lag},
});

// 10^(-k / kCurveStepsPerDecade) for one decade, as literals: the same on every machine.
constexpr std::array<double, kCurveStepsPerDecade> kBeyond{
    1.0,
    0.8912509381337456,
    0.7943282347242815,
    0.7079457843841379,
    0.6309573444801932,
    0.5623413251903491,
    0.5011872336272722,
    0.44668359215096315,
    0.3981071705534972,
    0.35481338923357547,
    0.31622776601683794,
    0.28183829312644537,
    0.251188643150958,
    0.22387211385683395,
    0.19952623149688797,
    0.1778279410038923,
    0.15848931924611134,
    0.14125375446227545,
    0.12589254117941673,
    0.11220184543019636,
};

std::string_view unit_name(result::Unit unit) {
  switch (unit) {
    case result::Unit::kNanos: return "ns";
    case result::Unit::kBytes: return "bytes";
    case result::Unit::kCount: return "count";
    case result::Unit::kPerSecond: return "per_s";
    case result::Unit::kRatio: return "ratio";
  }
  return "";
}

std::string_view better_name(result::Better better) {
  switch (better) {
    case result::Better::kLess: return "less";
    case result::Better::kMore: return "more";
    case result::Better::kNeither: return "";
  }
  return "";
}

template <class Items, class Write>
void write_array(JsonWriter& json, std::string_view key, const Items& items, const Write& write) {
  json.key(key);
  json.begin_array();
  for (const auto& item : items) {
    write(item);
  }
  json.end_array();
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  write_array(json, key, texts, [&json](const std::string& text) { json.value(text); });
}

void write_metrics_table(JsonWriter& json) {
  write_array(json, "metrics", result::metrics(), [&json](const result::Metric& metric) {
    json.begin_object();
    json.field("name", metric.name);
    json.field("title", metric.title);
    json.field("unit", unit_name(metric.unit));
    json.field("better", better_name(metric.better));
    json.field("quantile", metric.quantile);
    json.field("about", metric.about);
    json.end_object();
  });
}

void write_topics(JsonWriter& json) {
  write_array(json, "topics", topic_outlines(), [&json](const TopicOutline& topic) {
    json.begin_object();
    json.field("id", topic.id);
    json.field("title", topic.title);
    json.field("about", topic.about);
    json.field("only_polls", topic.only_polls);
    write_array(json, "columns", topic.columns, [&json](const Column& column) {
      json.begin_object();
      json.field("metric", column.metric);
      json.field("head", one_line(column.head));
      json.end_object();
    });
    json.end_object();
  });
}

void write_published(JsonWriter& json, const RunResult& run) {
  const auto rows = published_rows(run);
  if (rows.empty()) {
    return;
  }
  json.field("published_title", kPublishedTitle);
  json.field("published_about", kPublishedAbout);
  write_array(json, "published", rows, [&json](const PublishedRow& row) {
    json.begin_array(JsonWriter::Layout::kLine);
    for (const auto* text :
         {&row.cell, &row.metric, &row.published, &row.predicted, &row.measured, &row.source}) {
      json.value(*text);
    }
    json.end_array();
  });
}

template <class Number>
void write_line(JsonWriter& json, const std::vector<Number>& numbers) {
  json.begin_array(JsonWriter::Layout::kLine);
  for (const auto number : numbers) {
    json.value(number);
  }
  json.end_array();
}

void write_heat(JsonWriter& json, const Heat& heat) {
  json.begin_object();
  json.field("column_s", heat.seconds);
  json.key("edges_ns");
  write_line(json, heat.edges_ns);
  write_array(json, "columns", heat.columns,
              [&json](const std::vector<std::uint64_t>& counts) { write_line(json, counts); });
  json.end_object();
}

void write_cell_view(JsonWriter& json, const CellResult& cell) {
  json.begin_object();
  json.field("label", cell.label());
  json.key("curves");
  json.begin_object();
  for (const auto& [name, member] : kCurves) {
    const auto points = curve_ns(cell.*member);
    if (points.empty()) {
      continue;
    }
    json.key(name);
    write_line(json, points);
  }
  json.end_object();
  if (const Heat heat = heat_of(cell.latency_over_time); !heat.edges_ns.empty()) {
    json.key("heat");
    write_heat(json, heat);
  }
  json.end_object();
}

void write_run_view(JsonWriter& json, const RunResult& run) {
  json.begin_object();
  json.field("answer", answer_sentence(run));
  json.field("verdict", verdict_sentence(run.verdict));
  json.field("workload", workload_line(run));
  json.field("server", server_name(run));
  json.key("remarks");
  json.begin_object();
  write_texts(json, "latency", floor_remark(run));
  write_texts(json, "sockets", fault_remarks(run));
  json.end_object();
  if (!run.thresholds.empty()) {
    json.field("threshold_summary", threshold_summary(run));
  }
  std::vector<std::string> thresholds;
  for (const auto& threshold : run.thresholds) {
    thresholds.push_back(threshold_sentence(run, threshold));
  }
  write_texts(json, "thresholds", thresholds);
  write_published(json, run);
  write_array(json, "cells", run.cells,
              [&json](const CellResult& cell) { write_cell_view(json, cell); });
  json.end_object();
}

}  // namespace

std::vector<std::int64_t> curve_ns(const stats::Histogram& histogram) {
  std::vector<std::int64_t> out;
  double scale = 1;  // of the decade
  const auto count = static_cast<double>(histogram.count());
  while (!histogram.empty()) {
    for (const double step : kBeyond) {
      const double beyond = step / scale;
      if (beyond * count <= 1) {
        out.push_back(histogram.max().count());
        return out;
      }
      out.push_back(histogram.quantile(1 - beyond).count());
    }
    scale *= 10;
  }
  return out;
}

std::string report_view(std::span<const RunResult> runs) {
  JsonWriter json;
  json.begin_object();
  json.field("steps_per_decade", kCurveStepsPerDecade);
  json.field("draws_for_p99", stats::samples_needed(0.99));
  json.field("omission", kOmissionNote);
  json.field("withheld", withheld_note());
  write_metrics_table(json);
  write_topics(json);
  write_array(json, "runs", runs, [&json](const RunResult& run) { write_run_view(json, run); });
  json.end_object();
  return json.take();
}

std::string report_data(std::span<const RunResult> runs) {
  std::string out = "{\"view\": " + report_view(runs) + ",\n\"results\": [\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    out += (i == 0 ? "" : ",\n") + result::to_json(runs[i]);
  }
  return out + "]}\n";
}

}  // namespace pushbench::reports
