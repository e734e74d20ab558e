#include "harness/stats/latency_over_time.h"

#include "harness/base/check.h"

#include <algorithm>

namespace pushbench::stats {

LatencyOverTime::LatencyOverTime(std::size_t seconds)
    : layout_(kColumnShape),
      column_seconds_(std::max<std::size_t>(1, (seconds + kMostColumns - 1) / kMostColumns)),
      columns_((seconds + column_seconds_ - 1) / column_seconds_),
      counts_((columns_ + 1) * layout_.counters()) {}

LatencyOverTime::Column LatencyOverTime::column_of(std::size_t second) noexcept {
  return counts_.data() + std::min(second / column_seconds_, columns_) * layout_.counters();
}

void LatencyOverTime::merge(const LatencyOverTime& other) {
  if (columns_ == 0) {
    *this = other;
    return;
  }
  PUSHBENCH_CHECK(column_seconds_ == other.column_seconds_ && columns_ == other.columns_);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += other.counts_[i];
  }
}

Histogram LatencyOverTime::at(std::size_t column) const {
  PUSHBENCH_CHECK(column < columns_);
  Histogram out(kColumnShape);
  const std::uint32_t* counts = counts_.data() + column * layout_.counters();
  for (std::size_t i = 0; i < layout_.counters(); ++i) {
    out.record(Nanos{std::min(layout_.middle_at(i), kColumnShape.highest)}, counts[i]);
  }
  return out;
}

}  // namespace pushbench::stats
