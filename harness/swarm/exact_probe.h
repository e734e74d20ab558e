// A lock-step probe of a cell: one client of its strategy on a fresh topic; publish an event, await
// it, publish the next. Every exchange is then known, and so its bytes are the same in every run of
// one build: what a gate can compare without statistics. Polls come when the probe says, not when a
// clock does. Coroutine on the caller's thread; bounded in time; a probe that fails gives nothing.
#pragma once

#include "harness/base/time.h"
#include "harness/transport/transport.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace pushbench::swarm {

inline constexpr int kProbeEvents = 5;
inline constexpr std::size_t kProbePayload =
    64;  // unless replayed answers have a size of their own
inline constexpr Nanos kProbeBound{std::chrono::seconds(5)};
inline constexpr std::string_view kProbeTopic = "exact";

// "requests", "answers", "empty_answers", "events", "sockets_opened" and the bytes of each layer
// and direction, from connect until the last event was there: polls are asked once more, and find
// nothing; a long-poll waits again. Empty when anything went wrong.
using ExactCounts = std::map<std::string, std::uint64_t>;
Task<ExactCounts> probe_exactly(asio::io_context& context,
                                const transport::Endpoint& endpoint,
                                const transport::Dialect& dialect,
                                const plan::StrategySpec& cell,
                                std::string topic);

}  // namespace pushbench::swarm
