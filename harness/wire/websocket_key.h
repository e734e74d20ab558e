// The random and hashed words of WebSocket (RFC 6455): the key of an upgrade, the answer to it, and
// the mask of a frame. Threads: each has a generator of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::wire {

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (RFC 6455 section 4.2.2), and a fresh random key
// (section 4.1) and mask (section 5.3) from the system's generator.
std::string websocket_accept(std::string_view key);
std::string random_websocket_key();
std::uint32_t random_mask() noexcept;

}  // namespace pushbench::wire
