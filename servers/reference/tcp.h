// What the server asks of the kernel's TCP. Options are set once, on the listening socket: Linux
// hands them on to every socket accepted from it. Errors are ignored, since each option only makes
// something better that works without it.
#pragma once

#include "servers/reference/limits.h"

#include <cstdint>

namespace pushbench::servers {

// Of those the kernel offers, the one that sends a burst at once when the window allows. A default
// of bbr without the fq queue discipline paces each socket with a timer of its own, and the latency
// of a burst would then be that of the timers.
inline constexpr char kCongestionControl[] = "cubic";

// Congestion control, and an end for silent peers that have vanished without a word: keep-alive
// probes after `keepalive` of silence (RFC 9293 section 3.8.4), for `unacknowledged` at most.
// TCP_USER_TIMEOUT would end more: Linux holds it also against a peer whose window is shut, and one
// that reads slowly through a small buffer never opens it wide enough for the clock to stop.
void set_listening_options(int descriptor, const Limits& limits) noexcept;

// How far the peer has come with what was written. Its kernel acknowledges only what it has room
// for, so once that is full an advance means that somebody reads.
struct Acknowledged {
  std::uint32_t bytes = 0;  // since the connection began, modulo 2^32
  bool waiting = false;     // there is more, and the peer has no room for it
};
Acknowledged acknowledged(int descriptor) noexcept;

// Bytes are on their way, they were sent again, and the peer's TCP has said nothing for
// `unacknowledged`. A peer that only has no room answers every probe of its window.
bool vanished(int descriptor, Millis unacknowledged) noexcept;

}  // namespace pushbench::servers
