// Everything of a cell that is counted, as one array indexed by an enumeration, so that merging is
// one loop and nothing can be forgotten. Names are stable: they are keys of result.json.
//
// Three windows, never mixed: "traffic" counters cover the measure window by wall time (what
// crossed the sockets and arrived between its two ends), "audit" counters cover the events that
// fell due in it, "socket" counters cover the whole cell.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pushbench::result {

enum class Counter : std::uint8_t {
  // traffic
  kReceived,      // events that arrived in the window, whenever they were due
  kRequests,      // HTTP requests sent for events (polls, long-polls, streams, upgrades)
  kAnswers,       // answers to them that were complete
  kEmptyPolls,    // answers without an event (204, 304)
  kSkippedPolls,  // polls that fell due while their predecessor was unanswered
  kHeadUp,
  kFramingUp,
  kPayloadUp,
  kHeadDown,
  kFramingDown,
  kPayloadDown,
  kUpstreamSent,  // events from clients to the server
  kUpstreamAcked,
  kUpstreamUnsent,   // fell due and could not be sent, or was cut before its acknowledgement
  kUpstreamBytesUp,  // all bytes of upstream events, heads and framing included
  kUpstreamBytesDown,
  // audit
  kPublished,        // events that fell due and were written to the server
  kUnpublished,      // events that fell due and could not be written: pool full or publisher cut
  kPublishRejected,  // answered by the server with something other than success
  kExpected,         // deliveries: events × their subscriptions
  kDelivered,        // distinct deliveries
  kLost,             // expected and never arrived
  kDuplicate,
  kReordered,     // arrived after a later event of the same topic
  kLate,          // arrived, but older than the scenario's bound
  kForeign,       // events without our stamp or of another run
  kBeyondWindow,  // arrived so far behind that a late first copy and a duplicate look alike; not
                  // delivered
  kGaps,          // times a client was told that the log no longer holds what it asked for
  // sockets
  kSocketsOpened,
  kSocketsFailed,  // connects that did not come to a usable connection
  kSocketsClosedWell,
  kSocketsCut,  // ended by a fault
  kSocketsOpenAtEnd,
  kSocketsPeak,  // most open at the same time; merging adds, peaks of workers fall together at
                 // ramp's end
  kReconnects,
  kTimeWaitPeak,  // most sockets of this cell in TIME_WAIT, from the kernel
  kCount,
};
inline constexpr std::size_t kCounterCount = static_cast<std::size_t>(Counter::kCount);

std::string_view counter_name(Counter counter) noexcept;  // "received", "head_up_bytes" …

class Counters {
 public:
  std::uint64_t& operator[](Counter counter) noexcept {
    return values_[static_cast<std::size_t>(counter)];
  }
  std::uint64_t operator[](Counter counter) const noexcept {
    return values_[static_cast<std::size_t>(counter)];
  }
  void merge(const Counters& other) noexcept {
    for (std::size_t i = 0; i < kCounterCount; ++i) {
      values_[i] += other.values_[i];
    }
  }
  friend bool operator==(const Counters&, const Counters&) = default;

 private:
  std::array<std::uint64_t, kCounterCount> values_{};
};

}  // namespace pushbench::result
