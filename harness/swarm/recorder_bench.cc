// What recording one delivery costs, all of it: stamp, plan, audit, histograms, per-client figures,
// fan-out, series. As a broadcast brings deliveries (one event to one client after another) and as
// rooms do (every delivery another event).
#include "harness/swarm/recorder_rig.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace pushbench::swarm {
namespace {

class Load : public RecorderRig {
 public:
  Load(std::uint32_t clients, std::uint32_t topics, bool audited) {
    using std::chrono::seconds;
    scenario.clients = clients;
    scenario.topics = topics;
    scenario.events.rate_per_s = kRate;
    scenario.events.payload.size = 128;
    scenario.phases.warmup = Nanos(0);
    scenario.phases.measure = seconds(4);
    timeline.warmup = Nanos(0);
    timeline.measure = scenario.phases.measure;
    audit = audited;
    renew();
    recorder->open_window();
    for (std::uint32_t i = 0; i < clients; ++i) {
      sinks_.push_back(std::make_unique<SubscriptionRecorder>(*recorder, i % topics));
      by_topic_[i % topics].push_back(sinks_.back().get());
    }
    for (std::uint64_t i = 0; i < counts.published; ++i) {
      events_.push_back(event(i, kTag, scenario.events.payload.size));
      sent.put(i, Nanos(static_cast<std::int64_t>(i) * 1'000'000'000 / kRate + 30'000));
    }
  }

  // Every event of the plan to all its clients; how many deliveries that were.
  std::uint64_t play() {
    std::uint64_t deliveries = 0;
    for (std::uint64_t i = 0; i < events_.size(); ++i) {
      TimePoint at = start + Nanos(static_cast<std::int64_t>(i) * 1'000'000'000 / kRate + 200'000);
      for (auto* sink : by_topic_[i % scenario.topics]) {
        transport::DeliverySink& told = *sink;
        told.on_event(events_[i], at);
        at += Nanos(2'000);
        ++deliveries;
      }
    }
    return deliveries;
  }

 private:
  static constexpr int kRate = 250;
  std::vector<std::unique_ptr<SubscriptionRecorder>> sinks_;
  std::array<std::vector<SubscriptionRecorder*>, 1000> by_topic_;
  std::vector<std::string> events_;
};

void record(benchmark::State& state, std::uint32_t topics, bool audited) {
  std::uint64_t deliveries = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto load = std::make_unique<Load>(1000, topics, audited);
    state.ResumeTiming();
    deliveries += load->play();
    state.PauseTiming();
    load.reset();
    state.ResumeTiming();
  }
  state.counters["per_delivery"] = benchmark::Counter(
      static_cast<double>(deliveries), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void broadcast(benchmark::State& state) {
  record(state, 1, true);
}
void fifty_rooms(benchmark::State& state) {
  record(state, 50, true);
}
void unicast(benchmark::State& state) {
  record(state, 1000, true);
}
void broadcast_without_audit(benchmark::State& state) {
  record(state, 1, false);
}
BENCHMARK(broadcast)->Unit(benchmark::kMillisecond);
BENCHMARK(fifty_rooms)->Unit(benchmark::kMillisecond);
BENCHMARK(unicast)->Unit(benchmark::kMillisecond);
BENCHMARK(broadcast_without_audit)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pushbench::swarm
