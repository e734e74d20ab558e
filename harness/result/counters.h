// Everything of a cell that is counted, as one array indexed by an enumeration, so that merging is
// one loop and nothing can be forgotten. Names are stable: they are keys of result.json.
//
// Three windows, never mixed: "traffic" counters cover the measure window by wall time (what
// crossed the sockets and arrived between its two ends), "audit" counters cover the events that
// fell due in it, "request" and "socket" counters cover the whole cell.
//
// Three accounts must balance in every cell, also after faults (result/accounts.h holds them):
//   expected = delivered + lost + in flight, each side counted by itself;
//   requests sent = answered + failed by class + open at the end;
//   sockets opened = closed well + cut by a class of fault + open at the end.
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
  // Of the bytes above, both directions; columns of their own, not further layers.
  kHeartbeatBytes,  // SSE comments, WebSocket pings and pongs
  kEmptyPollBytes,  // requests and answers that carried no event
  kReconnectBytes,  // requests and heads of a client that came back after a cut
  // Digits and bytes whose number changes from exchange to exchange: with them and the counts above
  // the closed forms of the model room give a run's bytes exactly.
  kRequestDigits,  // of the cursors that requests carried
  kEmptyDigits,    // of the cursors on answers without an event
  kFullDigits,     // of the cursors on answers with events
  kLengthDigits,   // of Content-Length of the latter
  kEventDigits,    // of the sequence numbers beside events
  kEventEscapes,   // bytes that escaping added to events
  kChunkDigits,    // of the sizes of chunks with data; bytes of WebSocket frame heads beyond two
  kEventText,      // bytes of events behind the payload, where compression was asked for
  // How often the exchanges took place that kRequests, kAnswers and kReceived do not tell apart.
  kFirstQuestions,  // of kRequests, without a cursor
  kStreamHeads,     // heads of streams and WebSockets that were taken; their cursors are in
                    // kFullDigits
  kHeartbeats,      // SSE comments, pings of the server
  kChunks,          // with data, those of heartbeats included; WebSocket messages
  // audit
  kPublished,        // events that fell due and were written to the server
  kUnpublished,      // events that fell due and could not be written: pool full or publisher cut
  kPublishRejected,  // answered by the server with something other than success
  kExpected,         // deliveries: events × their subscriptions
  kDelivered,        // distinct deliveries
  kLost,             // expected and never arrived; counted hole by hole, never as a difference
  kLostInGap,        // of these, between a client's last event before a cut and its first after it
  kInFlight,         // expected, and young enough to be still on their way when the cell ended
  kDuplicate,
  kReordered,     // arrived after a later event of the same topic
  kLate,          // arrived, but older than the scenario's bound
  kForeign,       // events without our stamp or of another run
  kBeyondWindow,  // arrived so far behind that a late first copy and a duplicate look alike; not
                  // delivered
  kGaps,          // times a client was told that the log no longer holds what it asked for
  // requests
  kRequestsSent,      // begun to be written
  kRequestsAnswered,  // completely, or for a stream: its head
  kRequestsFailed,    // ended by a fault before that
  kRequestsOpenAtEnd,
  kUncompressed,  // answers, streams, WebSockets and messages of the whole cell that came
                  // uncompressed though compression was asked for
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
