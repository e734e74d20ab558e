// What a delivery costs the server while nothing else disturbs it: the lowest tenth, over slices of
// the measure window, of its processor time per delivery. Other programs of the host, and other
// guests of it, make slices dearer and never cheaper, so of two builds this tells a small
// difference where the mean of a short run scatters by more. It leaves out what the server itself
// does seldom (garbage collection): capacity is planned by the mean. Pure.
#pragma once

#include "harness/stats/histogram.h"

#include <cstdint>
#include <optional>

namespace pushbench::swarm {

class QuietCost {
 public:
  static constexpr std::uint64_t kLeastDeliveries = 1000;  // of a slice, which goes on until then
  static constexpr std::uint64_t kLeastSlices = 25;        // fewer have no tenth worth the name

  // Both run on from the start of the process and of the cell. The first call opens a slice, a
  // further one closes it when it has enough deliveries, and opens the next.
  void mark(std::uint64_t cpu_ns, std::uint64_t received);
  // Picoseconds.
  std::optional<std::uint64_t> per_delivery_ps() const;

 private:
  std::optional<std::uint64_t> cpu_ns_;
  std::uint64_t received_ = 0;
  stats::Histogram costs_;  // of picoseconds, up to 3.6 s
};

}  // namespace pushbench::swarm
