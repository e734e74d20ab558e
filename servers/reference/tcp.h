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

// Congestion control, and an end for peers that have vanished without a word: keep-alive probes
// after `keepalive` of silence (RFC 9293 section 3.8.4), an error when nothing was acknowledged for
// `unacknowledged` (TCP_USER_TIMEOUT, RFC 5482).
void set_listening_options(int descriptor, const Limits& limits) noexcept;

// How far the peer has come with what was written. Its kernel acknowledges only what it has room
// for, so once that is full an advance means that somebody reads.
struct Acknowledged {
  std::uint32_t bytes = 0;  // since the connection began, modulo 2^32
  bool waiting = false;     // there is more, and the peer has no room for it
};
Acknowledged acknowledged(int descriptor) noexcept;

}  // namespace pushbench::servers
