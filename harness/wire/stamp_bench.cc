#include "harness/wire/stamp.h"

#include <benchmark/benchmark.h>

#include <array>

namespace pushbench::wire {
namespace {

void BM_StampEncode(benchmark::State& state) {
  std::array<char, kStampSize> out;
  Stamp stamp{0x123456, 0};
  for (auto _ : state) {
    ++stamp.index;
    encode_stamp(stamp, out);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(BM_StampEncode);

void BM_StampDecode(benchmark::State& state) {
  std::array<char, kStampSize> text;
  encode_stamp({0x123456, 0x123456789ABCDEF}, text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(decode_stamp({text.data(), text.size()}));
  }
}
BENCHMARK(BM_StampDecode);

}  // namespace
}  // namespace pushbench::wire
