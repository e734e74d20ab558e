// Timers as a run and a server use them: many are set, most are cleared before their time.
#include "harness/base/reactor.h"

#include <benchmark/benchmark.h>

#include <deque>

namespace pushbench {
namespace {

constexpr Nanos kFar = std::chrono::hours(1);

// One of `range` that are set is cleared and set anew: a deadline that moves.
void move_an_alarm(benchmark::State& state) {
  asio::io_context context(1);
  Reactor reactor(context);
  std::deque<Reactor::Alarm> alarms(static_cast<std::size_t>(state.range(0)));
  const TimePoint now = steady_now();
  std::int64_t at = 0;
  for (auto& alarm : alarms) {
    reactor.set(alarm, now + kFar + Nanos(++at * 1000), [](const error_code&) {});
  }
  std::size_t next = 0;
  for (auto _ : state) {
    reactor.set(alarms[next], now + kFar + Nanos(++at * 1000), [](const error_code&) {});
    next = (next + 1) % alarms.size();
  }
  for (auto& alarm : alarms) {
    reactor.clear(alarm);
  }
}
BENCHMARK(move_an_alarm)->Arg(1)->Arg(1000)->Arg(100'000);

// Set for an instant that has come, and told so, the system calls of the loop included.
void fire_alarms(benchmark::State& state) {
  asio::io_context context(1);
  Reactor reactor(context);
  std::deque<Reactor::Alarm> alarms(static_cast<std::size_t>(state.range(0)));
  std::size_t fired = 0;
  for (auto _ : state) {
    const TimePoint now = steady_now();
    for (auto& alarm : alarms) {
      reactor.set(alarm, now, [&fired](const error_code&) { ++fired; });
    }
    const std::size_t all = fired + alarms.size();
    while (fired < all) {
      reactor.poll();
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(fired));
}
BENCHMARK(fire_alarms)->Arg(1)->Arg(1000);

}  // namespace
}  // namespace pushbench
