// WebSocket (RFC 6455) on the client's side: upgrade, messages, pings, the closing handshake, and
// upstream events over the same connection. An upstream event is one masked text frame and one ping
// with a counter of 4 bytes, in one write: messages are taken in order, so the pong says that the
// event was taken. Bounds: Limits::max_outbox, Limits::max_unacked_upstream. Threads: the worker's.
#pragma once

#include "harness/transport/transport.h"
#include "harness/transport/upgrade.h"
#include "harness/wire/websocket.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::transport {

// What a client that sends has to remember. Lives as long as its subscription; emptied with each
// connection.
struct Outbox {
  std::string unsent;     // the kernel's buffer was full
  wire::ByteTally owed;   // the split of `unsent`, to be reported when it is sent
  bool flushing = false;  // a coroutine waits to send `unsent`

  std::vector<TimePoint> due;  // of events without a pong, in order, from `first` on
  std::size_t first = 0;
  std::uint32_t counter = 0;  // that the ping of due[first] carried

  std::size_t unacked() const noexcept { return due.size() - first; }
  void forget() noexcept;  // the connection is gone
};

// Reads what the server sends. Sans-I/O but for the pongs and closes that it writes.
class WebSocketReader {
 public:
  explicit WebSocketReader(Subscription& subscription);
  // Of the connection that is to be made.
  std::string_view key() const noexcept { return upgrade_->key(); }
  // As AnswerReader::pump; never complete. Errc::kGoingAway: closed well by the server.
  error_code pump();

 private:
  error_code feed(std::span<char> input, Found& found);
  wire::Parsed next(std::span<char>& input, wire::Message& message);
  error_code take(const wire::Message& message, Found& found);
  error_code take_event(const wire::Message& message, Found& found);
  error_code take_close(const wire::Message& message, Found& found);
  void take_pong(const wire::Message& message);

  Subscription& subscription_;
  std::unique_ptr<Upgrade> upgrade_;  // until the connection is one
  wire::MessageReader messages_;
};

// Errc::kLimit: outbox or acknowledgements at their bound, the event was not sent; not_connected:
// there is no connection just now.
Task<error_code> send_over_websocket(Subscription& subscription,
                                     std::string_view event,
                                     TimePoint due);

// Close frame 1000 if it can be sent without waiting.
void say_goodbye(Subscription& subscription);

}  // namespace pushbench::transport
