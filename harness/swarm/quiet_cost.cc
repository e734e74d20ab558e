#include "harness/swarm/quiet_cost.h"

namespace pushbench::swarm {

void QuietCost::mark(std::uint64_t cpu_ns, std::uint64_t received) {
  constexpr double kPicos = 1000;
  if (cpu_ns_ && received < received_ + kLeastDeliveries) {
    return;
  }
  // A thread that ended took its time with it.
  if (cpu_ns_ && cpu_ns >= *cpu_ns_) {
    const auto spent = static_cast<double>(cpu_ns - *cpu_ns_);
    const auto each = kPicos * spent / static_cast<double>(received - received_);
    costs_.record(stats::Nanos{static_cast<std::int64_t>(each)});
  }
  cpu_ns_ = cpu_ns;
  received_ = received;
}

std::optional<std::uint64_t> QuietCost::per_delivery_ps() const {
  constexpr double kLower = 0.1;
  return costs_.count() < kLeastSlices
             ? std::nullopt
             : std::optional(static_cast<std::uint64_t>(costs_.quantile(kLower).count()));
}

}  // namespace pushbench::swarm
