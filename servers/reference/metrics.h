// What the server counts, and its OpenMetrics text (specification 1.0.0: counters end in _total,
// the text ends in "# EOF"). Plain integers: a loop counts its own, on its own thread. Rows follow
// the tables of strategies and endpoints, whose names become labels.
#pragma once

#include "servers/reference/topic.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::servers {

// Limits and faults that are counted by name.
enum class Trouble : std::uint8_t {
  kBadRequest,    // 400: syntax, framing in doubt, query, event text
  kHeadSize,      // 431, 414
  kBodySize,      // 413
  kHeadTimeout,   // 408 while the head came
  kBodyTimeout,   // 408 while the body came
  kIdleTimeout,   // keep-alive connection closed
  kTopics,        // 507: max_topics
  kLogBytes,      // 507: log_bytes_total
  kConnections,   // 503: max_connections
  kPerAddress,    // 503: max_connections_per_address
  kDescriptors,   // accepting paused: no descriptor left
  kAccept,        // other errors of accept
  kHost,          // 421
  kOrigin,        // 403
  kSlowConsumer,  // outbox over its bound, or stuck
  kGap,           // a reader was told that the log no longer holds what it asked for
  kClientGone,    // peer left while it waited or streamed
  kReset,         // reading or writing failed
  kFrame,         // WebSocket 1002, 1007
  kMessageSize,   // WebSocket 1009
  kFragments,     // WebSocket 1008
  kSilence,       // WebSocket peer that answered no ping
  kStopCut,       // still open when stop_grace ended
};
inline constexpr std::size_t kTroubleCount = static_cast<std::size_t>(Trouble::kStopCut) + 1;
std::string_view trouble_name(Trouble trouble) noexcept;

// What an Injector did; all but the last two count where an event came in.
enum class Injected : std::uint8_t {
  kDelayed,
  kStalled,
  kLost,
  kDuplicated,
  kReordered,
  kTruncated,
  kBusy,  // deliveries that the thread was made to wait for
  kCut,   // connections reset in the middle of an event
};
inline constexpr std::size_t kInjectedCount = static_cast<std::size_t>(Injected::kCut) + 1;
std::string_view injected_name(Injected injected) noexcept;

inline constexpr std::array<int, 20> kStatuses{101, 200, 204, 304, 400, 403, 404, 405, 408, 410,
                                               413, 414, 417, 421, 426, 431, 501, 503, 505, 507};
inline constexpr std::size_t kMaxEndpoints = 24;

struct Metrics {
  std::array<std::array<std::uint64_t, kStatuses.size()>, kMaxEndpoints> answers{};
  std::array<std::uint64_t, kMaxStrategies> deliveries{};
  std::array<std::uint64_t, kMaxStrategies> subscribers{};  // now; all who wait for events
  std::array<std::uint64_t, kTroubleCount> troubles{};
  std::array<std::uint64_t, kInjectedCount> injected{};
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t waiting = 0;  // requests on hold now
  std::uint64_t published = 0;
  std::uint64_t published_bytes = 0;
  std::uint64_t upstream_events = 0;
  std::uint64_t upstream_bytes = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t topics = 0;
  std::uint64_t log_bytes = 0;
  bool injecting = false;  // `injected` is shown

  // Of another loop of the same server, which holds the same topics.
  void add(const Metrics& other) noexcept;
  void answered(std::size_t endpoint, int status, std::uint64_t times = 1) noexcept;
  void count(Trouble trouble) noexcept { ++troubles[static_cast<std::size_t>(trouble)]; }
  void count(Injected what) noexcept { ++injected[static_cast<std::size_t>(what)]; }
  std::uint64_t count_of(Injected what) const noexcept {
    return injected[static_cast<std::size_t>(what)];
  }
  std::uint64_t count_of(Trouble trouble) const noexcept {
    return troubles[static_cast<std::size_t>(trouble)];
  }
};

// `endpoints`: names of the rows of `answers`; the first `strategies` of them are the strategies.
std::string render_metrics(const Metrics& metrics,
                           std::span<const std::string_view> endpoints,
                           std::size_t strategies);

// CPU time of all threads, resident bytes and open descriptors of this process.
struct ProcessUse {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
};
ProcessUse process_use();

}  // namespace pushbench::servers
