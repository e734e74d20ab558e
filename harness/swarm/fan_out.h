// First and last receiver of a sample of the measured events. The sample is every 2^k-th event from
// a seeded place on, the smallest k that keeps it within kSample; it follows from the plan, so all
// workers have the same, and merging is exact. Memory: 24 bytes an event of the sample, 1.5 MiB a
// worker. Recording allocates nothing.
#pragma once

#include "harness/base/time.h"
#include "harness/plan/event_plan.h"
#include "harness/stats/histogram.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace pushbench::swarm {

class FanOut {
 public:
  static constexpr std::uint64_t kSample = 65'536;

  FanOut(const plan::PlannedCounts& counts, std::uint64_t seed);

  // A delivery that was new. REQUIRES: a measured event.
  void arrived(std::uint64_t index, std::uint32_t topic, TimePoint received) noexcept {
    const std::uint64_t place = index - first_index_ + phase_;
    if ((place & stride_mask_) != 0) {
      return;
    }
    Receivers& receivers = sample_[place >> magnitude_];
    const std::int64_t at = received.time_since_epoch().count();
    receivers.first = std::min(receivers.first, at);
    receivers.last = std::max(receivers.last, at);
    receivers.topic = topic;
    ++receivers.count;
  }

  // REQUIRES: of the same plan and seed.
  void merge(const FanOut& other);
  // last - first of the events that reached at least two receivers and all of them.
  void record_spreads(const std::vector<std::uint64_t>& subscribers_by_topic,
                      stats::Histogram& spreads) const;
  std::size_t size() const noexcept { return sample_.size(); }

 private:
  struct Receivers {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    std::uint32_t count = 0;
    std::uint32_t topic = 0;
  };

  std::uint64_t first_index_ = 0;  // of the measured events
  unsigned magnitude_ = 0;
  std::uint64_t stride_mask_ = 0;
  std::uint64_t phase_ = 0;
  std::vector<Receivers> sample_;
};

}  // namespace pushbench::swarm
