#include "harness/base/random.h"
#include "harness/stats/histogram.h"

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>

namespace pushbench::stats {
namespace {

constexpr std::size_t kValues = 4096;  // a power of two: the loop masks instead of dividing

std::array<Nanos, kValues> latencies() {
  Random random(1);
  std::array<Nanos, kValues> values;
  for (auto& value : values) {
    value = Nanos{static_cast<std::int64_t>(1e6 * std::exp(random.normal()))};
  }
  return values;
}

Histogram filled() {
  Histogram histogram;
  for (const Nanos value : latencies()) {
    histogram.record(value, 100);
  }
  return histogram;
}

void record(benchmark::State& state) {
  const auto values = latencies();
  Histogram histogram;
  std::size_t i = 0;
  for (auto _ : state) {
    histogram.record(values[i++ & (kValues - 1)]);
  }
  benchmark::DoNotOptimize(histogram.count());
}
BENCHMARK(record);

void merge(benchmark::State& state) {
  const Histogram part = filled();
  Histogram whole;
  for (auto _ : state) {
    whole.merge(part);
  }
  benchmark::DoNotOptimize(whole.count());
}
BENCHMARK(merge);

void quantile(benchmark::State& state) {
  const Histogram histogram = filled();
  for (auto _ : state) {
    benchmark::DoNotOptimize(histogram.quantile(0.999));
  }
}
BENCHMARK(quantile);

void encode(benchmark::State& state) {
  const Histogram histogram = filled();
  for (auto _ : state) {
    benchmark::DoNotOptimize(histogram.encode());
  }
}
BENCHMARK(encode);

void decode(benchmark::State& state) {
  const std::string text = filled().encode();
  for (auto _ : state) {
    benchmark::DoNotOptimize(Histogram::decode(text));
  }
}
BENCHMARK(decode);

}  // namespace
}  // namespace pushbench::stats
