// The events of a run, in publishing order: due instant, topic, place in the topic, size. Publisher
// and recorders each step through their own copy: same seed, same events, so nothing about an event
// has to be shared between threads, processes or hosts. constant, burst and trace arrivals visit
// the topics in rotation; poisson draws the topic for each event, so that each topic sees a Poisson
// process of rate / topics.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/plan/schedule.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::plan {

struct PlannedEvent {
  std::uint64_t index = 0;  // over the whole run, from 0
  Nanos due{};              // offset from the start of publishing (start of warm-up)
  std::uint32_t topic = 0;
  std::uint64_t ordinal = 0;  // within the topic, from 0
  std::uint32_t size = 0;     // bytes, stamp included
};

class EventPlan {
 public:
  explicit EventPlan(const Scenario& scenario);  // keeps no reference
  std::optional<PlannedEvent> next();

 private:
  std::uint32_t next_size();

  PayloadSpec payload_;  // without the lines of its file
  std::vector<std::uint32_t> line_sizes_;
  Schedule schedule_;
  Random topic_random_;
  Random size_random_;
  Arrival arrival_;
  std::vector<std::uint64_t> ordinals_;  // next ordinal of every topic
  std::uint64_t index_ = 0;
};

// The schedule of the publisher, and of the events that one client sends upstream.
Schedule::Spec publish_spec(const Scenario& scenario);
Schedule::Spec upstream_spec(const Scenario& scenario, std::uint64_t client);  // REQUIRES: upstream

// Replaces `out` by the event's bytes: stamp, then filler (fixed text that needs no escaping), or
// the payload file's line with its first 16 bytes replaced by the stamp. Filler repeats itself
// every 64 bytes, so that beyond 128 B it compresses to about 85 B whatever its size: a true ratio
// needs a file.
void write_payload(const PayloadSpec& payload,
                   const PlannedEvent& event,
                   std::uint32_t run_tag,
                   std::string& out);

// How many events fall due in the measure phase, in all and per topic. Walks through the plan.
struct PlannedCounts {
  std::uint64_t published = 0;  // warm-up and measure
  std::uint64_t measured = 0;
  std::vector<std::uint64_t> measured_by_topic;
  std::vector<std::uint64_t> first_measured_ordinal;  // of each topic: how many come before
};
PlannedCounts count_events(const Scenario& scenario);

}  // namespace pushbench::plan
