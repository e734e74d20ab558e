// Cost of publishing without sockets: append to the log, make the bytes of each strategy once, walk
// the lists. Arguments: subscribers of the one strategy that has any, its row in the table.
#include "servers/reference/fan_out.h"
#include "servers/reference/topic.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace pushbench::servers {
namespace {

void BM_Publish(benchmark::State& state) {
  const auto clients = static_cast<std::size_t>(state.range(0));
  const auto row = static_cast<std::size_t>(state.range(1));
  Topics topics(10, {4096, 4U << 20U}, 64U << 20U);
  Topic& topic = *topics.open("t");
  std::vector<Subscriber> subscribers(clients);
  for (Subscriber& subscriber : subscribers) {
    topic.add(subscriber, row);
  }
  const std::string text(128, 'x');
  std::string scratch;
  wire::Deflater deflater;
  FanOutBuffers buffers;
  std::size_t bytes_out = 0;
  for (auto _ : state) {
    const std::uint64_t seq = topics.append(topic, text);
    fan_out(topic, {seq, text, "Sat, 21 Nov 2026 01:43:00 GMT", scratch, deflater}, buffers,
            [&](Subscriber& subscriber, std::string_view bytes, const Strategy& strategy) {
              benchmark::DoNotOptimize(subscriber.position);  // a list is walked, not counted
              bytes_out += bytes.size();
              if (strategy.once) {
                topic.add(subscriber, row);
              }
            });
  }
  benchmark::DoNotOptimize(bytes_out);
  state.SetLabel(std::string(strategies()[row].name));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Publish)->ArgsProduct({{0, 1'000, 100'000}, {1, 2, 3, 4, 6, 8, 9}});

}  // namespace
}  // namespace pushbench::servers
