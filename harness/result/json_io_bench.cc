// A large result: six cells of 100,000 clients with an hour of seconds in every series and
// histograms in which every client has left its mark. It should be written in under a second.
#include "harness/base/random.h"
#include "harness/result/json_io.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <filesystem>

namespace pushbench::result {
namespace {

constexpr std::uint64_t kClients = 100'000;
constexpr std::uint64_t kDeliveries = 10 * kClients;
constexpr int kCells = 6;

void fill(Random& random, stats::Histogram& histogram, std::uint64_t values) {
  for (std::uint64_t i = 0; i < values; ++i) {
    const double ns = 2e6 * std::exp(2 * random.normal());
    histogram.record(stats::Nanos{static_cast<std::int64_t>(ns)});
  }
}

CellResult large_cell(Random& random, std::uint32_t repeat) {
  CellResult cell;
  cell.name = "websocket";
  cell.repeat = repeat;
  cell.finished = true;
  cell.clients = kClients;
  cell.measure_s = 3600;
  cell.counters[Counter::kExpected] = cell.counters[Counter::kDelivered] = kDeliveries;
  fill(random, cell.latency, kDeliveries);
  for (auto* histogram : {&cell.client_p50, &cell.client_p99, &cell.setup, &cell.loop_lag}) {
    fill(random, *histogram, kClients);
  }
  auto& series = cell.series;
  for (auto* points :
       {&series.at_s, &series.published_per_s, &series.received_per_s, &series.sockets_open,
        &series.time_wait, &series.server_cpu_share, &series.server_memory_bytes,
        &series.mean_latency_ns, &series.worst_latency_ns, &series.clients_established,
        &series.clients_time_wait, &series.clients_close_wait, &series.clients_queue_bytes,
        &series.server_established, &series.server_time_wait, &series.server_close_wait,
        &series.server_queue_bytes, &series.socket_memory_bytes}) {
    for (std::size_t i = 0; i < kMaxSeriesPoints; ++i) {
      points->push_back(1e6 * random.uniform());
    }
  }
  return cell;
}

const RunResult& large_run() {
  static const RunResult kRun = [] {
    Random random(1);
    RunResult run;
    run.scenario.name = "large";
    for (std::uint32_t i = 0; i < kCells; ++i) {
      run.cells.push_back(large_cell(random, i));
    }
    return run;
  }();
  return kRun;
}

void write_large_result(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() / "pushbench-large-result.json";
  std::size_t bytes = 0;
  for (auto _ : state) {
    const auto text = to_json(large_run());
    bytes = text.size();
    if (!write_file(path.string(), text)) {
      state.SkipWithError("the file cannot be written");
      break;
    }
  }
  state.counters["bytes"] = static_cast<double>(bytes);
  std::filesystem::remove(path);
}
BENCHMARK(write_large_result)->Unit(benchmark::kMillisecond);

void read_large_result(benchmark::State& state) {
  const auto text = to_json(large_run());
  for (auto _ : state) {
    if (const auto run = from_json(text, "large"); !run) {
      state.SkipWithError(run.error().text.c_str());
      break;
    }
  }
}
BENCHMARK(read_large_result)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pushbench::result
