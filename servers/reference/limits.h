// Every bound of the server, named, with its default and its reason. Reaching one is counted under
// its name (metrics.h) and answered; it never ends in a crash or in unbounded memory. Sizes in
// bytes, times in milliseconds; times are kept to within two ticks (0.2 s) of the deadline wheel.
#pragma once

#include "harness/base/error.h"
#include "harness/wire/http_head.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pushbench::servers {

using Millis = std::chrono::milliseconds;

struct Limits {
  // Requests
  std::size_t max_head = wire::kMaxHead;                 // 431: browsers stay below 8 KiB
  std::size_t max_request_line = wire::kMaxRequestLine;  // 414: a topic and two keys need 300 bytes
  std::size_t max_event = 1024 * 1024;      // 413: the largest event, thus the largest body
  std::size_t topic_name = 256;             // 400: names are keys, kept in memory for good
  std::size_t pipelined_bytes = 64 * 1024;  // unread requests behind a held one; then TCP waits
  std::uint32_t requests_per_turn = 16;     // of one connection, before others get their turn
  Millis hold_default{25'000};              // below the 30 s after which many proxies give up
  Millis hold_max{60'000};                  // 400: beyond it an idle timeout somewhere wins
  Millis head_timeout{10'000};              // 408: from a head's first byte to its last
  Millis body_timeout{10'000};              // 408: from the head to the end of the body
  Millis idle_timeout{75'000};              // a keep-alive connection without a request is closed
  Millis linger{2'000};  // reading on after the last answer, so that it is not lost to a reset

  // Topics
  std::size_t log_events = 4096;                     // per topic: 40 s of 100 events a second
  std::size_t log_bytes = 4 * 1024 * 1024;           // per topic: texts and kEventOverhead for each
  std::size_t log_bytes_total = 1024 * 1024 * 1024;  // 507: over all topics
  std::size_t max_topics = 10'000;                   // 507: a topic is never forgotten once used
  std::size_t answer_bytes = 1024 * 1024;  // event text in one poll answer, then the next poll

  // Connections
  std::size_t max_connections = 0;                // 503: 0 = what the descriptor limit allows
  std::uint32_t max_connections_per_address = 0;  // 503: 0 = unlimited, one swarm is one address
  std::uint32_t accepts_per_turn = 64;            // before open connections get their turn
  std::size_t outbox_bytes = 1024 * 1024;  // unsent bytes of a slow consumer before it is cut
  std::size_t catch_up_bytes = 64 * 1024;  // written at a time to a stream that resumes
  Millis accept_pause{100};                // after running out of descriptors
  // Without progress: a client that takes no byte of what waits for it, one that slowly does lives
  // on.
  Millis write_stall{60'000};     // as long as a silent WebSocket peer is given
  Millis keepalive{60'000};       // silence of a connection before TCP asks whether it is alive
  Millis unacknowledged{60'000};  // by the peer's TCP before it is taken for vanished
  Millis stop_grace{5'000};       // from stop() until whatever is left is cut

  // Streams
  Millis sse_comment{15'000};     // silence before a comment (HTML section 9.2.7 names 15 s)
  Millis websocket_ping{30'000};  // silence of the peer before a ping
  Millis websocket_pong{30'000};  // silence after the ping before it is taken for dead
  Millis websocket_close{5'000};  // for the peer's half of the closing handshake
  std::size_t websocket_message = 1024 * 1024;  // 1009
  std::uint32_t websocket_fragments = 1024;     // 1008: empty fragments cost nothing to send
};

// Refuses a set that contradicts itself, with a sentence that names the fields.
Result<void> check_limits(const Limits& limits);

}  // namespace pushbench::servers
