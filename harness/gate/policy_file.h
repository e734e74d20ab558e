// A policy from a YAML file: strict, with line and column of whatever is wrong and the nearest
// known word. Keys that are left out keep what is built in; `gate` replaces the built-in list.
//
//   gate: [{metric: latency.p50, effect: 5%}, {metric: bytes-per-delivery, effect: 1%}]
//   accept: [{metric: exact, cell: websocket, reason: a new field, until: 2027-01-31}]
//   significance: 0.01
//   confidence: 95%
#pragma once

#include "harness/base/error.h"
#include "harness/gate/policy.h"

#include <string>
#include <string_view>

namespace pushbench::gate {

inline constexpr std::size_t kMaxPolicyItems = 200;  // of each list

Result<Policy> parse_policy(std::string_view text, const std::string& origin);
Result<Policy> load_policy(const std::string& path);

}  // namespace pushbench::gate
