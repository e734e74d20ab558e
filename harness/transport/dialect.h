// How a server family spells push: URLs, resumption, envelopes. Pure text in, text out. The
// mechanics (when to ask, what to keep open, how to frame) are the transport's; no transport knows
// a URL or a message format. A dialect is a row in a constexpr table; today there is "native"
// (servers/reference/README.md).
#pragma once

#include "harness/plan/scenario.h"
#include "harness/wire/http_head.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::transport {

// What the client knows of its place in the topic. Empty: never heard of any event.
struct Cursor {
  std::optional<std::uint64_t> seq;
};

constexpr std::uint32_t decimal_digits(std::uint64_t value) noexcept {
  std::uint32_t digits = 1;
  for (; value >= 10; value /= 10) {
    ++digits;
  }
  return digits;
}

// One event unwrapped from a body line or message. kGap: `seq` is the place to go on from.
struct Unwrapped {
  enum class Kind : std::uint8_t { kEvent, kGap, kNothing, kMalformed } kind = Kind::kMalformed;
  std::string_view event;  // may point into `scratch` of the call
  std::optional<std::uint64_t> seq;
  // What of the envelope varies: digits of a number beside the event, bytes that escaping added.
  std::uint32_t digits = 0;
  std::uint32_t escapes = 0;
};

struct Dialect {
  std::string_view name;
  // Appends the complete request head (GET or upgrade) of a strategy. With an empty cursor the
  // request is one that the server answers at once with its newest cursor and no events (polling
  // and long-polling alike), or a stream that begins now: so "subscribed" is a definite instant,
  // and nothing published after it can be missed.
  void (*append_request)(std::string& out,
                         std::string_view host,
                         std::string_view prefix,
                         const plan::StrategySpec& strategy,
                         std::string_view topic,
                         const Cursor& cursor,
                         std::string_view websocket_key);
  // Appends a complete publish request; `upstream`: an event from a client instead. The event's
  // bytes come last.
  void (*append_publish)(std::string& out,
                         std::string_view host,
                         std::string_view prefix,
                         std::string_view topic,
                         std::string_view event,
                         bool upstream);
  // Where the stream or answer says the client now is.
  std::optional<std::uint64_t> (*cursor_of)(const wire::ResponseHead& head);
  // Is the body behind a 200 of the type that this strategy's events come in?
  bool (*carries_events)(const plan::StrategySpec& strategy, const wire::ResponseHead& head);
  // A line of a poll, long-poll or chunked body (without its line feed).
  Unwrapped (*unwrap_line)(std::string_view line, std::string& scratch);
  Unwrapped (*unwrap_sse)(std::string_view type, std::string_view data, std::string_view id);
  Unwrapped (*unwrap_message)(std::string_view data);
  // A WebSocket close: kGap when the server says that events are gone, else kNothing.
  Unwrapped (*unwrap_close)(std::uint16_t code, std::string_view reason);
};

std::span<const Dialect> dialects() noexcept;
const Dialect* find_dialect(std::string_view name) noexcept;

}  // namespace pushbench::transport
