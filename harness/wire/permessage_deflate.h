// The negotiation of permessage-deflate, RFC 7692 section 7.1, without context takeover: neither
// side remembers a message once it is out. Syntax of extension lists: RFC 6455 section 9.1. What is
// unknown, doubled or malformed declines the offer, as the sections demand. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::wire {

// What a client of ours offers, the value of Sec-WebSocket-Extensions.
inline constexpr std::string_view kDeflateOffer =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

// The server's side: what to answer to the first offer of the list that can be taken. The windows
// here are of 32 KiB, so offers that ask the server for a smaller one cannot.
std::optional<std::string_view> answer_to_deflate_offer(std::string_view offers) noexcept;

// The client's side: what an answer to kDeflateOffer comes to. A server that takes it has to say
// server_no_context_takeover (section 7.1.1.1).
enum class DeflateAnswer : std::uint8_t { kDeclined, kAgreed, kInvalid };
DeflateAnswer read_deflate_answer(std::string_view extensions) noexcept;

}  // namespace pushbench::wire
