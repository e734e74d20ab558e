// Rules about what the clients got: deliveries, connections, requests, and the accounts that they
// must add up to. Pure.
#pragma once

#include "harness/result/rule.h"

#include <span>

namespace pushbench::result {

inline constexpr double kFailedShare = 0.001;  // of sockets opened, of requests sent
inline constexpr double kSkippedShare = 0.01;  // of the polls that fell due
inline constexpr double kUnackedShare = 0.01;  // of the upstream events

std::span<const CellRule> delivery_rules() noexcept;

}  // namespace pushbench::result
