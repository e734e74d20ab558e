// What single system calls cost here, measured in one process over loopback connections, without a
// wake-up of another processor: the terms of which the figures of floor server and client are sums.
// Blocks for some seconds. A Failure when there are not enough descriptors or sockets.
#pragma once

#include "harness/base/error.h"
#include "servers/floor/options.h"

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::servers::floor {

struct CallCost {
  std::string_view call;
  double ns = 0;  // mean of one
};

Result<std::vector<CallCost>> measure_calls(const CallsOptions& options);
std::string calls_table(const std::vector<CallCost>& costs);

}  // namespace pushbench::servers::floor
