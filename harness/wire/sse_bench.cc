#include "harness/wire/sse.h"

#include <benchmark/benchmark.h>

namespace pushbench::wire {
namespace {

// One event to an input, as it comes at low rates.
void BM_SseParse(benchmark::State& state) {
  std::string stream;
  append_sse_event(stream, 123'456, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  SseParser parser;
  for (auto _ : state) {
    std::string_view input = stream;
    SseEvent event;
    benchmark::DoNotOptimize(parser.next(input, event));
    benchmark::DoNotOptimize(event.data.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(BM_SseParse)->Arg(16)->Arg(128)->Arg(1024)->Arg(65'536);

void BM_SseParseManyInOneInput(benchmark::State& state) {
  std::string stream;
  for (std::uint64_t seq = 1; seq <= 100; ++seq) {
    append_sse_event(stream, seq, std::string(128, 'x'));
  }
  SseParser parser;
  for (auto _ : state) {
    std::string_view input = stream;
    SseEvent event;
    while (parser.next(input, event) == Parsed::kItem) {
      benchmark::DoNotOptimize(event.data.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(BM_SseParseManyInOneInput);

void BM_SseEncode(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_sse_event(out, 123'456, text);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(BM_SseEncode)->Arg(128)->Arg(1024);

}  // namespace
}  // namespace pushbench::wire
