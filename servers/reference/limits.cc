#include "servers/reference/limits.h"

#include "servers/reference/topic.h"

#include <fmt/format.h>

namespace pushbench::servers {

Result<void> check_limits(const Limits& limits) {
  if (limits.log_bytes < limits.max_event + kEventOverhead) {
    return usage(fmt::format(
        "log_bytes ({}) is smaller than max_event ({}) and the {} bytes that go with every event: "
        "the log must hold at least one event",
        limits.log_bytes, limits.max_event, kEventOverhead));
  }
  if (limits.log_events == 0) {
    return usage("log_events is 0: the log must hold an event");
  }
  if (limits.hold_default > limits.hold_max) {
    return usage(fmt::format("hold_default ({} ms) is longer than hold_max ({} ms)",
                             limits.hold_default.count(), limits.hold_max.count()));
  }
  if (limits.max_head > wire::kMaxHead || limits.max_request_line > wire::kMaxRequestLine) {
    return usage(fmt::format("max_head and max_request_line can be at most {} and {}",
                             wire::kMaxHead, wire::kMaxRequestLine));
  }
  if (limits.requests_per_turn == 0 || limits.accepts_per_turn == 0) {
    return usage("requests_per_turn and accepts_per_turn must be at least 1");
  }
  return {};
}

}  // namespace pushbench::servers
