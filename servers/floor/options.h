// The command line of pushbench-floor: three subcommands, each with its own options. Pure. A
// mistake is one sentence that says what is wrong and what would be right, with the exit code for
// usage.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace pushbench::servers::floor {

enum class Mode : std::uint8_t {
  kPoll,
  kPollNew,
  kLongPoll,
  kStream,
  kSse,
  kWebSocket,
  kEcho,
  kAccept,
  kIdleStream,
  kIdleWebSocket,
};

// What the modes have in common or not, so that nothing else asks for a mode by its name.
struct ModeRow {
  Mode mode;
  std::string_view name;
  std::string_view path;   // unless --path says another
  bool upgrade = false;    // the opening request asks for a WebSocket
  bool events = false;     // counts published events; else it counts answers
  bool pipelined = false;  // more than one event in flight reaches the subscriber
  bool churn = false;      // a connection is closed as soon as it was answered
  bool idle = false;       // connections only stand there
  bool seeded = false;     // asks for an event that must have been published before
};
inline constexpr std::array<ModeRow, 10> kModes{{
    {.mode = Mode::kPoll, .name = "poll", .path = "/poll/floor", .seeded = true},
    {.mode = Mode::kPollNew,
     .name = "poll-new",
     .path = "/poll/floor",
     .churn = true,
     .seeded = true},
    {.mode = Mode::kLongPoll,
     .name = "long-poll",
     .path = "/long-poll/floor",
     .events = true,
     .seeded = true},
    {.mode = Mode::kStream,
     .name = "stream",
     .path = "/stream/floor",
     .events = true,
     .pipelined = true},
    {.mode = Mode::kSse, .name = "sse", .path = "/sse/floor", .events = true, .pipelined = true},
    {.mode = Mode::kWebSocket,
     .name = "ws",
     .path = "/ws/floor",
     .upgrade = true,
     .events = true,
     .pipelined = true},
    {.mode = Mode::kEcho, .name = "ws-echo", .path = "/echo", .upgrade = true},
    {.mode = Mode::kAccept,
     .name = "ws-accept",
     .path = "/ws/floor",
     .upgrade = true,
     .churn = true},
    {.mode = Mode::kIdleStream, .name = "idle-stream", .path = "/stream/floor", .idle = true},
    {.mode = Mode::kIdleWebSocket,
     .name = "idle-ws",
     .path = "/ws/floor",
     .upgrade = true,
     .idle = true},
}};
const ModeRow& row_of(Mode mode) noexcept;

struct ServerOptions {
  std::uint16_t port = 0;  // 0: the kernel chooses
};

struct ClientOptions {
  Mode mode = Mode::kWebSocket;
  std::uint16_t port = 0;
  std::string path;                        // of the subscription or the question
  std::string publish = "/publish/floor";  // where events are posted
  std::uint32_t clients = 1000;
  Nanos measure = std::chrono::seconds(5);  // for idle modes: how long the connections are held
  Nanos warmup = std::chrono::seconds(1);
  double rate = 0;              // events or questions per second over all clients; 0: closed loop
  std::uint32_t in_flight = 1;  // closed loop: events on their way to every subscriber
  int pid = 0;                  // of the server; 0: its cost is not measured
};

struct CallsOptions {
  std::uint32_t rounds = 200;  // repetitions over `pairs` connections
  std::uint32_t pairs = 1000;
};

struct HelpOptions {};

using Options = std::variant<HelpOptions, ServerOptions, ClientOptions, CallsOptions>;

// `words` without the program's name.
Result<Options> parse_options(std::span<const std::string_view> words);
std::string help_text();

}  // namespace pushbench::servers::floor
