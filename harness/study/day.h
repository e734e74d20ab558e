// A day whose load follows a curve: servers for its peak, and server-hours if their number follows
// the load. Shares are of the peak, evenly spread over the day. Pure.
#pragma once

#include "harness/study/sizing.h"

#include <vector>

namespace pushbench::study {

inline constexpr std::size_t kMostSharesOfADay = 1440;

struct Day {
  double servers_peak = 0;
  double servers_least = 0;
  double server_hours = 0;  // when their number follows the load
  double deliveries = 0;
  double sent_bytes = 0;  // to clients, IP level
  double server_hours_fixed() const { return servers_peak * 24; }
};

// `spare` servers stand by at any hour. REQUIRES: the peak is possible.
Day day_of(const Workload& peak,
           const plan::StrategySpec& cell,
           const FamilyCost& cost,
           const std::optional<ScalingLaw>& scaling,
           const ServerKind& kind,
           const LatencyBounds& bounds,
           const std::vector<double>& shares,
           double spare);

}  // namespace pushbench::study
