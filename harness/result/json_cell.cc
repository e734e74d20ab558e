#include "harness/result/json_cell.h"

#include "harness/base/text.h"
#include "harness/result/json_measures.h"
#include "harness/result/json_scenario.h"
#include "harness/result/metrics.h"
#include "harness/stats/latency_over_time.h"

#include <array>
#include <string>

namespace pushbench::result {
namespace {

using Nanos = stats::Nanos;

template <class T>
struct Field {
  std::string_view key;
  T member;
};

constexpr auto kHistograms = std::to_array<Field<stats::Histogram CellResult::*>>({
    {"latency", &CellResult::latency},
    {"setup", &CellResult::setup},
    {"publisher_lag", &CellResult::publisher_lag},
    {"publish_ack", &CellResult::publish_ack},
    {"upstream_ack", &CellResult::upstream_ack},
    {"loop_lag", &CellResult::loop_lag},
    {"latency_from_sent", &CellResult::latency_from_sent},
    {"fan_out_spread", &CellResult::fan_out_spread},
    {"client_p50", &CellResult::client_p50},
    {"client_p99", &CellResult::client_p99},
    {"link_error", &CellResult::link_error},
});

constexpr auto kSeries = std::to_array<Field<std::vector<double> Series::*>>({
    {"at_s", &Series::at_s},
    {"offered_per_s", &Series::offered_per_s},
    {"published_per_s", &Series::published_per_s},
    {"received_per_s", &Series::received_per_s},
    {"clients_planned", &Series::clients_planned},
    {"sockets_open", &Series::sockets_open},
    {"time_wait", &Series::time_wait},
    {"server_cpu_share", &Series::server_cpu_share},
    {"server_memory_bytes", &Series::server_memory_bytes},
    {"mean_latency_ns", &Series::mean_latency_ns},
    {"worst_latency_ns", &Series::worst_latency_ns},
    {"clients_established", &Series::clients_established},
    {"clients_time_wait", &Series::clients_time_wait},
    {"clients_close_wait", &Series::clients_close_wait},
    {"clients_queue_bytes", &Series::clients_queue_bytes},
    {"server_established", &Series::server_established},
    {"server_time_wait", &Series::server_time_wait},
    {"server_close_wait", &Series::server_close_wait},
    {"server_queue_bytes", &Series::server_queue_bytes},
    {"socket_memory_bytes", &Series::socket_memory_bytes},
});

void write_metrics(JsonWriter& json, const CellResult& cell) {
  json.begin_object();
  for (const auto& metric : metrics()) {
    json.field(metric.name, metric.read(cell));
  }
  json.end_object();
}

void write_counters(JsonWriter& json, const Counters& counters) {
  json.begin_object();
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const auto counter = static_cast<Counter>(i);
    json.field(counter_name(counter), counters[counter]);
  }
  json.end_object();
}

Counters read_counters(const JsonView& json) {
  Counters counters;
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    const auto counter = static_cast<Counter>(i);
    // A counter that an older program of this schema did not have is 0.
    if (const auto found = json.find(counter_name(counter))) {
      counters[counter] = found->whole();
    }
  }
  return counters;
}

constexpr auto kFaults = std::to_array<Field<FaultCounts CellResult::*>>({
    {"connect", &CellResult::connect_faults},
    {"cut", &CellResult::cut_faults},
    {"request", &CellResult::request_faults},
});

void write_faults(JsonWriter& json, const CellResult& cell) {
  json.begin_object();
  for (const auto& [key, member] : kFaults) {
    json.key(key);
    json.begin_object();
    for (std::size_t i = 0; i < kFaultCount; ++i) {
      if ((cell.*member)[i] != 0) {
        json.field(fault_name(static_cast<Fault>(i)), (cell.*member)[i]);
      }
    }
    json.end_object();
  }
  json.end_object();
}

void read_faults(const JsonView& json, CellResult& cell) {
  for (const auto& [key, member] : kFaults) {
    const auto faults = json.at(key);
    for (std::size_t i = 0; i < kFaultCount; ++i) {
      if (const auto found = faults.find(fault_name(static_cast<Fault>(i)))) {
        (cell.*member)[i] = found->whole();
      }
    }
  }
}

void write_histogram(JsonWriter& json, const stats::Histogram& histogram) {
  json.begin_object();
  json.field("count", histogram.count());
  json.field("min_ns", histogram.min().count());
  json.field("max_ns", histogram.max().count());
  json.field("mean_ns", mean_ns(histogram));
  json.field("clipped", histogram.clipped());
  json.field("hdr", histogram.encode());
  json.end_object();
}

// An empty one where the text is none of that shape.
stats::Histogram decoded(const JsonView& hdr,
                         const std::string& text,
                         const stats::HistogramShape& shape) {
  auto histogram = text.empty() ? Result<stats::Histogram>(usage("it is empty"))
                                : stats::Histogram::decode(text);
  if (!histogram) {
    hdr.fail("does not hold a histogram: " + histogram.error().text);
    return stats::Histogram(shape);
  }
  if (histogram->shape() != shape) {
    hdr.fail("holds a histogram of another range or precision than pushbench writes");
    return stats::Histogram(shape);
  }
  return *std::move(histogram);
}

stats::Histogram read_histogram(const JsonView& json) {
  const auto hdr = json.at("hdr");
  auto histogram = decoded(hdr, hdr.text(), {});
  const auto count = json.at("count");
  if (count.whole() != histogram.count()) {
    count.fail("is not the number of values in hdr; was the file edited by hand?");
  }
  histogram.set_exact(Nanos{json.at("min_ns").nanos()}, Nanos{json.at("max_ns").nanos()},
                      json.at("mean_ns").number(), json.at("clipped").whole());
  return histogram;
}

void write_histograms(JsonWriter& json, const CellResult& cell) {
  json.begin_object();
  for (const auto& [key, member] : kHistograms) {
    if (!(cell.*member).empty()) {
      json.key(key);
      write_histogram(json, cell.*member);
    }
  }
  json.end_object();
}

void read_histograms(const JsonView& json, CellResult& cell) {
  for (const auto& [key, member] : kHistograms) {
    if (const auto found = json.find(key)) {
      cell.*member = read_histogram(*found);
    }
  }
}

void write_series(JsonWriter& json, const Series& series) {
  json.begin_object();
  for (const auto& [key, member] : kSeries) {
    if ((series.*member).empty()) {
      continue;
    }
    json.key(key);
    json.begin_array(JsonWriter::Layout::kLine);
    for (const double point : series.*member) {
      json.value(point);
    }
    json.end_array();
  }
  json.end_object();
}

Series read_series(const JsonView& json) {
  Series series;
  for (const auto& [key, member] : kSeries) {
    const auto found = json.find(key);
    if (!found) {
      continue;
    }
    series.*member = found->numbers();
    if ((series.*member).size() > kMaxSeriesPoints) {
      found->fail("must have at most " + std::to_string(kMaxSeriesPoints) + " points");
    }
    if ((series.*member).size() != series.at_s.size()) {
      found->fail("must have as many points as at_s (" + std::to_string(series.at_s.size()) + ")");
    }
  }
  return series;
}

// A column in which nothing was received is an empty text.
void write_columns(JsonWriter& json, const LatencyColumns& over_time) {
  json.begin_object();
  json.field("column_s", over_time.seconds);
  json.key("hdr");
  json.begin_array(JsonWriter::Layout::kLine);
  for (const auto& column : over_time.columns) {
    json.value(column.empty() ? std::string() : column.encode());
  }
  json.end_array();
  json.end_object();
}

LatencyColumns read_columns(const JsonView& json) {
  LatencyColumns out;
  const auto seconds = json.at("column_s");
  out.seconds = seconds.whole32();
  if (out.seconds == 0) {
    seconds.fail("must be at least 1");
  }
  for (const auto& item : json.at("hdr").items(stats::kMostColumns)) {
    const std::string text = item.text();
    out.columns.push_back(text.empty() ? stats::Histogram(stats::kColumnShape)
                                       : decoded(item, text, stats::kColumnShape));
  }
  return out;
}

template <class Write, class Part>
void section(JsonWriter& json, std::string_view key, Write write, const Part& part) {
  json.key(key);
  write(json, part);
}

}  // namespace

void write_cell(JsonWriter& json, const CellResult& cell) {
  json.begin_object();
  json.field("name", cell.name);
  write_strategy(json, cell.strategy);
  json.field("clients", cell.clients);
  if (cell.clients_at_start) {
    json.field("clients_at_start", *cell.clients_at_start);
  }
  json.field("repeat", cell.repeat);
  json.field("finished", cell.finished);
  json.field("measure_s", cell.measure_s);
  json.field("events_measured", cell.events_measured);
  section(json, "metrics", write_metrics, cell);
  section(json, "counters", write_counters, cell.counters);
  section(json, "faults", write_faults, cell);
  section(json, "histograms", write_histograms, cell);
  section(json, "series", write_series, cell.series);
  if (!cell.latency_over_time.columns.empty()) {
    section(json, "latency_over_time", write_columns, cell.latency_over_time);
  }
  write_measures(json, cell);
  json.end_object();
}

CellResult read_cell(const JsonView& json) {
  CellResult cell;
  const auto name = json.at("name");
  cell.name = name.text();
  cell.strategy = read_strategy(json);
  cell.clients = json.at("clients").whole32();
  if (const auto at_start = json.find("clients_at_start")) {
    cell.clients_at_start = at_start->whole32();
  }
  cell.repeat = json.at("repeat").whole32();
  cell.finished = json.at("finished").boolean();
  cell.measure_s = json.at("measure_s").number();
  cell.events_measured = json.at("events_measured").whole();
  cell.counters = read_counters(json.at("counters"));
  read_faults(json.at("faults"), cell);
  read_histograms(json.at("histograms"), cell);
  cell.series = read_series(json.at("series"));
  if (const auto over_time = json.find("latency_over_time")) {
    cell.latency_over_time = read_columns(*over_time);
  }
  read_measures(json, cell);
  return cell;
}

}  // namespace pushbench::result
