#include "harness/wire/chunk.h"

#include <benchmark/benchmark.h>

namespace pushbench::wire {
namespace {

void BM_ChunkParse(benchmark::State& state) {
  std::string stream;
  append_chunk(stream, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  ChunkDecoder decoder;
  for (auto _ : state) {
    std::string_view input = stream;
    std::string_view data;
    while (decoder.next(input, data) == Parsed::kItem) {
      benchmark::DoNotOptimize(data.data());
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(BM_ChunkParse)->Arg(16)->Arg(128)->Arg(1024)->Arg(65'536);

void BM_ChunkEncode(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_chunk(out, data);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(BM_ChunkEncode)->Arg(128)->Arg(1024);

}  // namespace
}  // namespace pushbench::wire
