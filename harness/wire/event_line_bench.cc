#include "harness/wire/event_line.h"

#include <benchmark/benchmark.h>

namespace pushbench::wire {
namespace {

// Text of which every `every`-th byte needs an escape; 0: none does.
std::string text_with_escapes(std::size_t size, std::size_t every) {
  std::string text(size, 'x');
  for (std::size_t at = every; every != 0 && at < size; at += every) {
    text[at] = '\n';
  }
  return text;
}

void BM_EventLineParse(benchmark::State& state) {
  std::string line;
  append_event_line(line, 123'456,
                    text_with_escapes(static_cast<std::size_t>(state.range(0)),
                                      static_cast<std::size_t>(state.range(1))));
  line.pop_back();
  EventLine out;
  std::string scratch;
  for (auto _ : state) {
    benchmark::DoNotOptimize(parse_event_line(line, out, scratch));
    benchmark::DoNotOptimize(out.data.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(line.size()));
}
BENCHMARK(BM_EventLineParse)->Args({16, 0})->Args({128, 0})->Args({1024, 0})->Args({1024, 16});

void BM_EventLineEncode(benchmark::State& state) {
  const auto text = text_with_escapes(static_cast<std::size_t>(state.range(0)),
                                      static_cast<std::size_t>(state.range(1)));
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_event_line(out, 123'456, text);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(BM_EventLineEncode)->Args({128, 0})->Args({1024, 0})->Args({1024, 16});

void BM_LineReader(benchmark::State& state) {
  std::string stream;
  for (int i = 0; i < 100; ++i) {
    stream += std::string(128, 'x') + "\n";
  }
  LineReader reader;
  for (auto _ : state) {
    std::string_view input = stream;
    std::string_view line;
    while (reader.next(input, line) == Parsed::kItem) {
      benchmark::DoNotOptimize(line.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(BM_LineReader);

}  // namespace
}  // namespace pushbench::wire
