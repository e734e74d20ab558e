#include "harness/study/day.h"

#include "harness/base/check.h"

#include <algorithm>
#include <cmath>

namespace pushbench::study {

Day day_of(const Workload& peak,
           const plan::StrategySpec& cell,
           const FamilyCost& cost,
           const std::optional<ScalingLaw>& scaling,
           const ServerKind& kind,
           const LatencyBounds& bounds,
           const std::vector<double>& shares,
           double spare) {
  PUSHBENCH_CHECK(!shares.empty());
  const double hours = 24.0 / static_cast<double>(shares.size());
  Day day;
  day.servers_least = INFINITY;
  for (const double share : shares) {
    Workload now = peak;
    now.clients = std::max(1.0, std::round(peak.clients * share));
    now.fan_out = std::min(peak.fan_out, now.clients);
    const Size size = size_of(now, cell, cost, scaling, kind, bounds);
    const double servers = size.servers + spare;
    day.servers_peak = std::max(day.servers_peak, servers);
    day.servers_least = std::min(day.servers_least, servers);
    day.server_hours += servers * hours;
    day.deliveries += now.deliveries_per_s() * hours * 3600;
    day.sent_bytes += size.flow.ip_down_bytes_per_s() * hours * 3600;
  }
  return day;
}

}  // namespace pushbench::study
