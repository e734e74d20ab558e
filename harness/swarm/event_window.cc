#include "harness/swarm/event_window.h"

#include "harness/base/check.h"

#include <algorithm>
#include <bit>

namespace pushbench::swarm {

EventWindow::EventWindow(const plan::Scenario& scenario, std::size_t capacity)
    : plan_(scenario), ring_(capacity) {
  PUSHBENCH_CHECK(std::has_single_bit(capacity));
}

EventWindow::Lookup EventWindow::find(std::uint64_t index, const WindowEvent*& found) {
  while (index >= known_ && !finished_) {
    const auto event = plan_.next();
    if (!event) {
      finished_ = true;
      break;
    }
    ring_[event->index & (ring_.size() - 1)] = {event->index, event->due, event->ordinal,
                                                event->topic, event->size};
    ++known_;
  }
  if (index >= known_) {
    return Lookup::kUnplanned;
  }
  const WindowEvent& slot = ring_[index & (ring_.size() - 1)];
  if (slot.index != index) {
    return Lookup::kTooOld;
  }
  found = &slot;
  return Lookup::kFound;
}

std::size_t window_capacity(const plan::Scenario& scenario, const plan::StrategySpec& cell) {
  const Nanos span = 2 * (scenario.late_of(cell) + scenario.drain_of(cell));
  const double events = scenario.events.highest_rate_per_s() * seconds_of(span);
  return std::bit_ceil(static_cast<std::size_t>(
      std::clamp(events, double{EventWindow::kCapacity}, double{EventWindow::kMaxCapacity})));
}

}  // namespace pushbench::swarm
