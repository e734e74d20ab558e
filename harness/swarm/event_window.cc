#include "harness/swarm/event_window.h"

#include "harness/base/check.h"

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

}  // namespace pushbench::swarm
