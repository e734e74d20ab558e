// What an event costs a server that has nobody to tell it to: processor time of its process over a
// row of events of the scenario's sizes, published one after the other on a topic of their own.
// Cost per delivery holds this too; the rest of it is delivery. Coroutine on the caller's thread,
// bounded in time.
#pragma once

#include "harness/base/time.h"
#include "harness/plan/scenario.h"
#include "harness/transport/dialect.h"
#include "harness/transport/stream.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::swarm {

inline constexpr int kCostWarmup = 50;  // events that are not measured
inline constexpr int kCostEvents = 500;
inline constexpr Nanos kCostBound{std::chrono::seconds(3)};
inline constexpr std::string_view kCostTopic = "nobody";

// Nanoseconds per event, the mean; 0 when the process cannot be seen, an event was refused or the
// bound passed.
Task<std::uint64_t> measure_publish_cost(asio::io_context& context,
                                         const transport::Endpoint& endpoint,
                                         const transport::Dialect& dialect,
                                         const plan::Scenario& scenario,
                                         std::string topic,
                                         int pid);

}  // namespace pushbench::swarm
