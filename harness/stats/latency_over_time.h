// How latencies lie in each stretch of a run: a histogram of one significant digit a column, at
// most kMostColumns of them, each of whole seconds, so that its memory does not grow with the time
// that it covers. For heat maps and interval logs; percentiles are read from the histogram of the
// whole. Threads: not synchronised, one recorder owns one. Errors: none.
#pragma once

#include "harness/stats/histogram.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pushbench::stats {

// From 1 us to an hour in steps of 3 to 6 %.
inline constexpr HistogramShape kColumnShape{.lowest = 1'000, .digits = 1};
inline constexpr std::size_t kMostColumns = 240;

class LatencyOverTime {
 public:
  // The counters of a column. One that goes beyond 2^32 - 1 starts again at 0: 50,000 a second of
  // one bucket for a day.
  using Column = std::uint32_t*;

  LatencyOverTime() : LatencyOverTime(0) {}  // no columns, until something is merged into it
  explicit LatencyOverTime(std::size_t seconds);

  // Of a second from the start; one beyond the end has a column that is not part of the figures.
  Column column_of(std::size_t second) noexcept;
  // Values below 0 count as 0, those beyond the shape's highest as the highest.
  void record(Column column, Nanos latency) const noexcept {
    const auto ns = latency.count() < 0 ? 0 : latency.count();
    ++column[layout_.index_of(ns < kColumnShape.highest ? ns : kColumnShape.highest)];
  }
  // REQUIRES: the same number of seconds, or none here.
  void merge(const LatencyOverTime& other);

  std::size_t column_seconds() const noexcept { return column_seconds_; }
  std::size_t size() const noexcept { return columns_; }
  Histogram at(std::size_t column) const;  // REQUIRES: column < size()

 private:
  BucketLayout layout_;
  std::size_t column_seconds_;
  std::size_t columns_;
  std::vector<std::uint32_t> counts_;  // of one column more
};

}  // namespace pushbench::stats
