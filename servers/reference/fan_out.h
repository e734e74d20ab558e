// Fan-out of one event: for every strategy that has subscribers the wire bytes are made once, then
// the list is walked. Independent of sockets: `deliver` gets the subscriber and the bytes. The walk
// goes from the back, so that `deliver` may remove the subscriber it was given.
#pragma once

#include "servers/reference/strategy.h"

#include <string>
#include <vector>

namespace pushbench::servers {

// Reused from event to event, so that a publish allocates nothing.
struct FanOutBuffers {
  std::string bytes;
  std::vector<Subscriber*> firing;
};

// deliver(Subscriber&, std::string_view bytes, const Strategy&). Subscribers of a strategy that
// serves once are off the list before they are served.
template <class Deliver>
void fan_out(Topic& topic, const Event& event, FanOutBuffers& buffers, Deliver&& deliver) {
  const std::span<const Strategy> rows = strategies();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::vector<Subscriber*>& list = topic.list(row);
    if (list.empty()) {
      continue;
    }
    const Strategy& strategy = rows[row];
    buffers.bytes.clear();
    strategy.frame(buffers.bytes, event);
    if (!strategy.once) {
      for (std::size_t i = list.size(); i-- > 0;) {
        deliver(*list[i], buffers.bytes, strategy);
      }
      continue;
    }
    buffers.firing.swap(list);
    for (Subscriber* const subscriber : buffers.firing) {
      subscriber->listed = false;
    }
    for (Subscriber* const subscriber : buffers.firing) {
      deliver(*subscriber, buffers.bytes, strategy);
    }
    buffers.firing.clear();
  }
}

}  // namespace pushbench::servers
