#include "harness/result/json_cell.h"

#include "harness/base/text.h"
#include "harness/result/json_scenario.h"
#include "harness/result/metrics.h"

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
});

constexpr auto kSeries = std::to_array<Field<std::vector<double> Series::*>>({
    {"at_s", &Series::at_s},
    {"published_per_s", &Series::published_per_s},
    {"received_per_s", &Series::received_per_s},
    {"sockets_open", &Series::sockets_open},
    {"time_wait", &Series::time_wait},
    {"server_cpu_share", &Series::server_cpu_share},
    {"server_memory_bytes", &Series::server_memory_bytes},
    {"worst_latency_ns", &Series::worst_latency_ns},
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

void write_faults(JsonWriter& json, const CellResult& cell) {
  json.begin_object();
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (cell.faults[i] != 0) {
      json.field(fault_name(static_cast<Fault>(i)), cell.faults[i]);
    }
  }
  json.end_object();
}

void read_faults(const JsonView& json, CellResult& cell) {
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (const auto found = json.find(fault_name(static_cast<Fault>(i)))) {
      cell.faults[i] = found->whole();
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

stats::Histogram read_histogram(const JsonView& json) {
  const auto hdr = json.at("hdr");
  const std::string text = hdr.text();
  auto histogram = text.empty() ? Result<stats::Histogram>(usage("it is empty"))
                                : stats::Histogram::decode(text);
  if (!histogram) {
    hdr.fail("does not hold a histogram: " + histogram.error().text);
    return stats::Histogram();
  }
  if (histogram->shape() != stats::HistogramShape{}) {
    hdr.fail("holds a histogram of another range or precision than pushbench writes");
    return stats::Histogram();
  }
  const auto count = json.at("count");
  if (count.whole() != histogram->count()) {
    count.fail("is not the number of values in hdr; was the file edited by hand?");
  }
  histogram->set_exact(Nanos{json.at("min_ns").nanos()}, Nanos{json.at("max_ns").nanos()},
                       json.at("mean_ns").number(), json.at("clipped").whole());
  return *std::move(histogram);
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

void write_costs(JsonWriter& json, const CellResult& cell) {
  if (cell.server) {
    json.key("server");
    json.begin_object();
    json.field("cpu_ns", cell.server->cpu_ns);
    json.field("memory_base_bytes", cell.server->memory_base_bytes);
    json.field("memory_bytes", cell.server->memory_bytes);
    json.field("connections", cell.server->connections);
    json.end_object();
  }
  json.key("generator");
  json.begin_object();
  json.field("workers", cell.generator.workers);
  json.field("worker_cpu_ns", cell.generator.worker_cpu_ns);
  json.field("publisher_cpu_ns", cell.generator.publisher_cpu_ns);
  json.field("run_queue_wait_ns", cell.generator.run_queue_wait_ns);
  json.end_object();
}

void read_costs(const JsonView& json, CellResult& cell) {
  if (const auto server = json.find("server")) {
    cell.server = {.cpu_ns = server->at("cpu_ns").whole(),
                   .memory_base_bytes = server->at("memory_base_bytes").whole(),
                   .memory_bytes = server->at("memory_bytes").whole(),
                   .connections = server->at("connections").whole()};
  }
  const auto generator = json.at("generator");
  cell.generator = {.workers = generator.at("workers").whole32(),
                    .worker_cpu_ns = generator.at("worker_cpu_ns").whole(),
                    .publisher_cpu_ns = generator.at("publisher_cpu_ns").whole(),
                    .run_queue_wait_ns = generator.at("run_queue_wait_ns").whole()};
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
  json.field("repeat", cell.repeat);
  json.field("finished", cell.finished);
  json.field("measure_s", cell.measure_s);
  json.field("events_measured", cell.events_measured);
  section(json, "metrics", write_metrics, cell);
  section(json, "counters", write_counters, cell.counters);
  section(json, "faults", write_faults, cell);
  section(json, "histograms", write_histograms, cell);
  section(json, "series", write_series, cell.series);
  write_costs(json, cell);
  json.end_object();
}

CellResult read_cell(const JsonView& json) {
  CellResult cell;
  const auto name = json.at("name");
  cell.name = name.text();
  cell.strategy = read_strategy(json);
  cell.clients = json.at("clients").whole32();
  cell.repeat = json.at("repeat").whole32();
  cell.finished = json.at("finished").boolean();
  cell.measure_s = json.at("measure_s").number();
  cell.events_measured = json.at("events_measured").whole();
  cell.counters = read_counters(json.at("counters"));
  read_faults(json.at("faults"), cell);
  read_histograms(json.at("histograms"), cell);
  cell.series = read_series(json.at("series"));
  read_costs(json, cell);
  return cell;
}

}  // namespace pushbench::result
