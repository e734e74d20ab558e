// Bytes that crossed a socket, split the way every report splits them:
//   head     start line and header fields with their line ends, and the empty line
//   framing  every other byte that is not an event's payload: envelope, separators, chunk heads,
//   WebSocket
//            frame heads and masks, control frames, comments
//   payload  the events themselves, as published; where an answer or a message came compressed,
//            what that was compressed to, an HTTP body's envelope included
// Exact: the sum is what the socket carried.
#pragma once

#include <cstdint>

namespace pushbench::wire {

struct ByteTally {
  std::uint64_t head = 0;
  std::uint64_t framing = 0;
  std::uint64_t payload = 0;

  std::uint64_t total() const noexcept { return head + framing + payload; }
  ByteTally& operator+=(const ByteTally& other) noexcept {
    head += other.head;
    framing += other.framing;
    payload += other.payload;
    return *this;
  }
  friend bool operator==(const ByteTally&, const ByteTally&) = default;
};

// Seen from the client: up = client to server.
struct Traffic {
  ByteTally up;
  ByteTally down;
};

}  // namespace pushbench::wire
