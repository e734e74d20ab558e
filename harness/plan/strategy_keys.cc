#include "harness/plan/strategy_keys.h"

#include <array>
#include <string_view>

namespace pushbench::plan {
namespace {

constexpr std::array<std::string_view, 2> kConnections{"keep-alive", "new"};
constexpr std::array<std::string_view, 2> kEncodings{"chunked", "sse"};
constexpr std::array<std::string_view, 2> kHttpCompressions{"none", "gzip"};
constexpr std::array<std::string_view, 2> kWebSocketCompressions{"none", "permessage-deflate"};
constexpr std::string_view kEachItsOwn =
    "HTTP answers are compressed with gzip, WebSocket messages with permessage-deflate";

constexpr Key compression(std::string_view path, std::span<const std::string_view> choices) {
  return {.path = path,
          .type = Type::kChoice,
          .fallback = "none",
          .why = kEachItsOwn,
          .choices = choices,
          .about =
              "What clients ask the server to compress events with; what that saves is up to "
              "their text: events.payload.file brings one",
          .example = choices.back(),
          .set = [](Draft& d, const Value& v) { d.cell.compression = v.text; }};
}

constexpr std::array kKeys{
    Key{.path = "strategies",
        .type = Type::kStrategies,
        .required = true,
        .about = "The cells: one strategy with its options each, all under the same workload",
        .example = "[{polling: {interval: 1s}}, {websocket: {}}]"},
    Key{.path = "strategies[].polling",
        .type = Type::kMap,
        .about = "Ask again and again",
        .example = "{interval: 1s, connection: new}"},
    Key{.path = "strategies[].polling.interval",
        .type = Type::kDuration,
        .fallback = "1s",
        .low = "0s",
        .high = "1h",
        .about = "From the start of a poll to the start of the next; 0s asks again once answered",
        .example = "5s",
        .set = [](Draft& d, const Value& v) { d.cell.interval = v.time; }},
    Key{.path = "strategies[].polling.jitter",
        .type = Type::kFraction,
        .fallback = "0",
        .low = "0",
        .high = "0.5",
        .about = "Every start is moved at random by up to this part of the interval",
        .example = "0.1",
        .set = [](Draft& d, const Value& v) { d.cell.jitter = v.real; }},
    Key{.path = "strategies[].polling.connection",
        .type = Type::kChoice,
        .fallback = "keep-alive",
        .choices = kConnections,
        .about = "One connection for all polls of a client, or a new one for each",
        .example = "new",
        .set = [](Draft& d, const Value& v) { d.cell.new_connection = v.count == 1; }},
    compression("strategies[].polling.compression", kHttpCompressions),
    Key{.path = "strategies[].long-polling",
        .type = Type::kMap,
        .about = "Ask, and the answer waits for the next event",
        .example = "{hold: 25s}"},
    Key{.path = "strategies[].long-polling.hold",
        .type = Type::kDuration,
        .fallback = "25s",
        .low = "10ms",
        .high = "1m",
        .why = "proxies and servers end requests that wait longer",
        .about = "The longest that an answer waits before it comes back empty",
        .example = "25s",
        .set = [](Draft& d, const Value& v) { d.cell.hold = v.time; }},
    compression("strategies[].long-polling.compression", kHttpCompressions),
    Key{.path = "strategies[].streaming",
        .type = Type::kMap,
        .about = "One answer that never ends",
        .example = "{encoding: sse}"},
    Key{.path = "strategies[].streaming.encoding",
        .type = Type::kChoice,
        .fallback = "chunked",
        .choices = kEncodings,
        .about = "JSON lines in HTTP chunks, or Server-Sent Events",
        .example = "sse",
        .set = [](Draft& d, const Value& v) { d.cell.encoding = v.text; }},
    compression("strategies[].streaming.compression", kHttpCompressions),
    Key{.path = "strategies[].websocket",
        .type = Type::kMap,
        .about = "One WebSocket message per event (RFC 6455)",
        .example = "{}"},
    compression("strategies[].websocket.compression", kWebSocketCompressions),
};

}  // namespace

std::span<const Key> strategy_keys() {
  return kKeys;
}

}  // namespace pushbench::plan
