// Fan-out of one event: for every strategy that has subscribers the wire bytes are made once, then
// the list is walked. Independent of sockets: `deliver` gets the subscriber and the bytes. The walk
// goes from the back, so that `deliver` may remove the subscriber it was given. Or the bytes for
// streams are gathered with those of the events before and leave later, together.
#pragma once

#include "harness/base/prefetch.h"
#include "servers/reference/strategy.h"

#include <algorithm>
#include <string>
#include <vector>

namespace pushbench::servers {

// Reused from event to event, so that a publish allocates nothing.
struct FanOutBuffers {
  std::string bytes;
  std::vector<Subscriber*> firing;
};

// Of a connection that subscribes: what a delivery touches.
inline constexpr std::size_t kSubscriberBytes = 256;

// Whom an event goes to at once.
enum class Audience : std::uint8_t { kAll, kThoseServedOnce };

// deliver(Subscriber&, std::string_view bytes, const Strategy&). Subscribers of a strategy that
// serves once are off the list before they are served.
template <class Deliver>
void fan_out(Topic& topic,
             const Event& event,
             FanOutBuffers& buffers,
             Deliver&& deliver,
             Audience audience = Audience::kAll) {
  const std::span<const Strategy> rows = strategies();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::vector<Subscriber*>& list = topic.list(row);
    if (list.empty() || (audience == Audience::kThoseServedOnce && !rows[row].once)) {
      continue;
    }
    const Strategy& strategy = rows[row];
    buffers.bytes.clear();
    strategy.frame(buffers.bytes, event);
    if (!strategy.once) {
      for (std::size_t i = list.size(); i-- > 0;) {
        prefetch(list[i > 0 ? i - 1 : 0], kSubscriberBytes);
        deliver(*list[i], buffers.bytes, strategy);
      }
      continue;
    }
    buffers.firing.swap(list);
    for (Subscriber* const subscriber : buffers.firing) {
      subscriber->listed = false;
    }
    for (std::size_t i = 0; i < buffers.firing.size(); ++i) {
      prefetch(buffers.firing[std::min(i + 1, buffers.firing.size() - 1)], kSubscriberBytes);
      deliver(*buffers.firing[i], buffers.bytes, strategy);
    }
    buffers.firing.clear();
  }
}

// Appends the event to what waits for the streams of the topic. Returns the bytes that wait for the
// strategy with most of them.
inline std::size_t gather(Topic& topic, const Event& event, Gathered& gathered) {
  const std::span<const Strategy> rows = strategies();
  std::size_t most = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].once && !topic.list(row).empty()) {
      rows[row].frame(gathered.bytes[row], event);
      ++gathered.events[row];
      most = std::max(most, gathered.bytes[row].size());
    }
  }
  return most;
}

// deliver(Subscriber&, std::string_view bytes, std::uint32_t events).
template <class Deliver>
void fan_out(Topic& topic, const Gathered& gathered, Deliver&& deliver) {
  for (std::size_t row = 0; row < gathered.bytes.size(); ++row) {
    std::vector<Subscriber*>& list = topic.list(row);
    for (std::size_t i = gathered.events[row] == 0 ? 0 : list.size(); i-- > 0;) {
      prefetch(list[i > 0 ? i - 1 : 0], kSubscriberBytes);
      deliver(*list[i], gathered.bytes[row], gathered.events[row]);
    }
  }
}

}  // namespace pushbench::servers
