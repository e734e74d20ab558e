// Where a transport tells what happened to one subscription. The swarm's recorder implements it;
// tests use a collecting one. Transports never ask which phase a run is in, and never keep figures
// of their own. Threads: called on the worker's thread only.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/transport/tcp_info.h"
#include "harness/wire/tally.h"

#include <cstdint>
#include <string_view>

namespace pushbench::transport {

// What in the framing of events varies from one to the next, counted where it is read: with it and
// the number of events the bytes can be summed up again from the grammar.
struct Spelling {
  std::uint64_t event_digits = 0;     // of the sequence numbers beside events
  std::uint64_t event_escapes = 0;    // bytes that escaping, or further data lines, added to events
  std::uint64_t chunks = 0;           // with data; WebSocket messages
  std::uint64_t chunk_digits = 0;     // of their sizes; bytes of frame heads beyond the first two
  std::uint64_t heartbeats = 0;       // SSE comments, WebSocket pings of the server
  std::uint64_t heartbeat_bytes = 0;  // with their chunks, and with the pongs to them
  // Where compression was asked for: the bytes of events behind what came; answers, streams,
  // WebSockets and messages that came uncompressed.
  std::uint64_t event_text = 0;
  std::uint64_t uncompressed = 0;
};

// A poll or long-poll that was answered in full.
struct Answer {
  std::size_t events = 0;
  std::uint64_t bytes = 0;          // of question and answer
  std::uint32_t cursor_digits = 0;  // of the place in the topic that its head names
  std::uint32_t length_digits = 0;  // of Content-Length
};

class DeliverySink {
 public:
  virtual ~DeliverySink() = default;

  // Sockets: every connect attempt ends in exactly one of on_open and on_connect_failed; every
  // on_open is followed by exactly one on_close. No error or Errc::kGoingAway: closed well (by us
  // or by the peer at a message boundary); anything else is a cut. A connect that stop() ended
  // fails with operation_aborted.
  virtual void on_open() = 0;
  virtual void on_connect_failed(const error_code& ec) = 0;
  virtual void on_close(const error_code& ec) = 0;
  // Before on_close, where the kernel counts: all that crossed this connection in its life. Not of
  // one that stop() closed.
  virtual void on_socket_traffic(const SocketTraffic& whole_life) = 0;
  // The subscription can receive from now on: first answer, stream head or handshake is in. `took`
  // counts from the start of connect, to `at`.
  virtual void on_subscribed(Nanos took, TimePoint at) = 0;

  virtual void on_event(std::string_view event, TimePoint received) = 0;
  virtual void on_gap() = 0;  // the server says that events are gone
  virtual void on_traffic(const wire::Traffic& delta) = 0;
  virtual void on_spelling(const Spelling& delta) = 0;  // of bytes in on_traffic

  // Requests for events: every on_ask is followed by exactly one of on_answer (polls, long-polls),
  // on_stream_head (streams, WebSockets) and on_request_failed, or by none when stop() came first.
  virtual void on_ask() = 0;  // it begins to be written
  // It was written. 0: a first question, which carries no cursor.
  virtual void on_request(std::uint32_t cursor_digits) = 0;
  virtual void on_answer(const Answer& answer) = 0;
  virtual void on_stream_head(std::uint32_t cursor_digits) = 0;
  virtual void on_request_failed(const error_code& ec) = 0;
  virtual void on_skipped_poll() = 0;

  // All bytes of one upstream event with all that wraps it, and of its acknowledgement. They are in
  // on_traffic too. `took` counts from the instant at which the event was due.
  virtual void on_upstream_sent(const wire::ByteTally& up) = 0;
  virtual void on_upstream_acked(Nanos took, const wire::ByteTally& down) = 0;
};

}  // namespace pushbench::transport
