#include "harness/transport/link_lane.h"

#include <algorithm>

namespace pushbench::transport {

TimePoint Line::pass(TimePoint at, std::size_t bytes) noexcept {
  if (!limited()) {
    return at;
  }
  constexpr std::uint64_t kBitNanos = 8 * 1'000'000'000ULL;  // 2 GB at once still fit 64 bits
  free_ = std::max(free_, at) + Nanos(static_cast<Nanos::rep>(bytes * kBitNanos / bit_per_s_));
  return free_;
}

TimePoint Lane::release(TimePoint passed, Nanos trip) noexcept {
  last_ = std::max(last_, passed + trip);
  return last_;
}

}  // namespace pushbench::transport
