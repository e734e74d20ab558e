#include "harness/wire/websocket.h"

#include <benchmark/benchmark.h>

namespace pushbench::wire {
namespace {

void BM_WebSocketDecode(benchmark::State& state) {
  std::string stream;
  append_frame(stream, Opcode::kText, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  MessageReader reader(MessageReader::Role::kClient);
  for (auto _ : state) {
    std::span<char> input(stream);
    Message message;
    benchmark::DoNotOptimize(reader.next(input, message));
    benchmark::DoNotOptimize(message.data.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(BM_WebSocketDecode)->Arg(16)->Arg(128)->Arg(1024)->Arg(65'536);

// Binary, since unmasking in place leaves other bytes for the next round.
void BM_WebSocketDecodeMasked(benchmark::State& state) {
  std::string stream;
  append_frame(stream, Opcode::kBinary, std::string(static_cast<std::size_t>(state.range(0)), 'x'),
               0x12345678);
  MessageReader reader(MessageReader::Role::kServer);
  for (auto _ : state) {
    std::span<char> input(stream);
    Message message;
    benchmark::DoNotOptimize(reader.next(input, message));
    benchmark::DoNotOptimize(message.data.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(BM_WebSocketDecodeMasked)->Arg(16)->Arg(128)->Arg(1024)->Arg(65'536);

void BM_WebSocketEncode(benchmark::State& state) {
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_frame(out, Opcode::kText, payload);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(BM_WebSocketEncode)->Arg(128)->Arg(1024);

void BM_WebSocketEncodeMasked(benchmark::State& state) {
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_frame(out, Opcode::kText, payload, random_mask());
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(BM_WebSocketEncodeMasked)->Arg(128)->Arg(1024);

void BM_WebSocketMask(benchmark::State& state) {
  std::string data(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    apply_mask(data, 0x12345678, 1);
    benchmark::DoNotOptimize(data.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.size()));
}
BENCHMARK(BM_WebSocketMask)->Arg(16)->Arg(128)->Arg(1024)->Arg(65'536);

void BM_RandomMask(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(random_mask());
  }
}
BENCHMARK(BM_RandomMask);

}  // namespace
}  // namespace pushbench::wire
