// A recorder with a plan of two topics at 100 events a second, for the tests of this room.
#pragma once

#include "harness/swarm/subscription_recorder.h"

#include <memory>
#include <string>

namespace pushbench::swarm {

class RecorderRig {
 public:
  static constexpr std::uint32_t kTag = 77;

  RecorderRig() {
    using std::chrono::seconds;
    scenario.topics = 2;
    scenario.clients = 4;
    scenario.events.rate_per_s = 100;
    scenario.events.arrival = plan::Arrival::kConstant;
    scenario.events.payload.size = 32;
    scenario.phases = {
        .ramp = seconds(1), .warmup = seconds(1), .measure = seconds(2), .drain = seconds(1)};
    timeline = {.cell_start = start - seconds(1),
                .publish_start = start,
                .warmup = seconds(1),
                .measure = seconds(2),
                .started = true};
    renew();
  }

  std::unique_ptr<Recorder> make() {
    auto made = std::make_unique<Recorder>(Recorder::Setup{.scenario = scenario,
                                                           .cell = strategy,
                                                           .counts = counts,
                                                           .run_tag = kTag,
                                                           .sent = &sent,
                                                           .audit = audit});
    made->start(timeline);
    return made;
  }
  void renew() {
    counts = plan::count_events(scenario);
    recorder = make();
  }
  static std::string event(std::uint64_t index, std::uint32_t tag = kTag, std::size_t size = 32) {
    std::string bytes(size, 'x');
    wire::encode_stamp({.run_tag = tag, .index = index},
                       std::span<char, wire::kStampSize>(bytes.data(), 16));
    return bytes;
  }
  // Events visit the topics in turn, one every 10 ms.
  static std::uint32_t topic_of(std::uint64_t index) {
    return static_cast<std::uint32_t>(index % 2);
  }
  TimePoint due(std::uint64_t index) const {
    return start + std::chrono::milliseconds(10) * static_cast<std::int64_t>(index);
  }
  result::CellResult merged() {
    result::CellResult out;
    figures = {};
    recorder->merge_into(out, figures);
    return out;
  }

  plan::Scenario scenario;
  plan::StrategySpec strategy{.strategy = "websocket"};
  plan::PlannedCounts counts;
  bool audit = true;
  TimePoint start{std::chrono::hours(5)};
  Timeline timeline;
  SentTable sent{1024};
  std::unique_ptr<Recorder> recorder;
  CellFigures figures;
};

}  // namespace pushbench::swarm
