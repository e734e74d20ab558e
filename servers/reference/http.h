// From bytes to requests: parses heads, decides who may ask for what, collects bodies, and hands
// each request to its strategy or endpoint. A request whose framing is in doubt, and every refused
// request that has a body, is answered and the connection closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pushbench::servers {

class Connection;

// Takes at most one request (or a piece of its body) from the front. Returns the bytes used, 0 when
// more are needed.
std::size_t http_step(Connection& connection, std::span<char> input);

// Rows of the counters: the strategies, then the endpoints, then requests that reached neither.
std::span<const std::string_view> endpoint_names() noexcept;
inline constexpr std::uint8_t kOtherEndpoint = 23;

}  // namespace pushbench::servers
