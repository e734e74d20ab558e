// What one run of the floor client found, and the line of JSON that it prints. Pure.
#pragma once

#include "harness/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::servers::floor {

// Counts and costs are those of the measure window, latencies those of what arrived in it.
struct Figures {
  std::string_view mode;
  std::uint32_t clients = 0;
  std::uint32_t live = 0;  // connections that stood when the window began
  Nanos window{};
  std::uint64_t deliveries = 0;  // events received, or answers where the mode counts answers
  std::uint64_t published = 0;   // events posted, or questions asked on a schedule
  std::optional<Nanos> server_cpu;
  Nanos client_cpu{};
  Nanos p50{}, p99{}, max{};
  std::uint64_t errors = 0;  // of the whole run: failed connects, ended connections, bad answers
  std::uint64_t lost = 0;    // events that did not arrive within two seconds, closed loop only
  Nanos connect{};           // from the first connect to the last connection that stood
  std::optional<double> server_rss_bytes;  // growth per connection; idle modes only
  std::uint64_t client_rss_bytes = 0;      // of the process, at the end
};

// One line without its line feed. What was not measured is null.
std::string json_line(const Figures& figures);

}  // namespace pushbench::servers::floor
