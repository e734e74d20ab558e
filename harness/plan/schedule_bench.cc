// Cost of one due instant and of one planned event: publisher and every recorder pay it per event.
#include "harness/plan/event_plan.h"
#include "harness/plan/schedule.h"

#include <benchmark/benchmark.h>

namespace pushbench::plan {
namespace {

constexpr Nanos kDay = std::chrono::hours(24);

void schedule_next(benchmark::State& state) {
  const auto arrival = static_cast<Arrival>(state.range(0));
  const Schedule::Spec spec{
      .arrival = arrival, .rate_per_s = 1e5, .burst = 10, .length = kDay, .stream = kPublishStream};
  Schedule schedule(spec);
  for (auto _ : state) {
    auto due = schedule.next();
    if (!due) {
      schedule = Schedule(spec);
    }
    benchmark::DoNotOptimize(due);
  }
}
BENCHMARK(schedule_next)->ArgName("arrival")->DenseRange(0, 2);

void event_plan_next(benchmark::State& state) {
  Scenario scenario;
  scenario.topics = static_cast<std::uint32_t>(state.range(0));
  scenario.events.rate_per_s = 1e5;
  scenario.phases.measure = kDay;
  EventPlan plan(scenario);
  for (auto _ : state) {
    auto event = plan.next();
    if (!event) {
      plan = EventPlan(scenario);
    }
    benchmark::DoNotOptimize(event);
  }
}
BENCHMARK(event_plan_next)->ArgName("topics")->Arg(1)->Arg(50)->Arg(10'000);

void poll_schedule_next(benchmark::State& state) {
  PollSchedule polls(std::chrono::seconds(1), 0.1, 1, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(polls.next());
  }
}
BENCHMARK(poll_schedule_next);

}  // namespace
}  // namespace pushbench::plan
