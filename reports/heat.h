// Latencies over time as a heat map: deliveries by column of time and band of latency. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <cstdint>
#include <vector>

namespace pushbench::reports {

// Bands are a fourth of a doubling each, and cover what was measured and nothing beyond.
struct Heat {
  std::uint32_t seconds = 1;                        // of a column
  std::vector<std::int64_t> edges_ns;               // of the bands, rising; one more than there are
  std::vector<std::vector<std::uint64_t>> columns;  // deliveries in each band
};

// No edges where nothing was received.
Heat heat_of(const result::LatencyColumns& over_time);

}  // namespace pushbench::reports
