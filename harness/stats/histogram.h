// Latency histogram: log-linear buckets, three significant digits, fixed memory, no allocation
// after construction. Bit-compatible with HdrHistogram (V2 encoding), so that every plotter of that
// family reads it: bucket arithmetic and encoding after Gil Tene's HdrHistogram (public domain /
// BSD-2 specification, "V2 compressed encoding"): zigzag LEB128 counts, cookies 0x1c849303 | 0x10
// and 0x1c849304 | 0x10, zlib, base64. Values are nanoseconds. Threads: none of it is synchronised;
// one recorder owns one histogram. Errors: a shape of our own that cannot be is a broken invariant;
// text from outside is a Failure.
#pragma once

#include "harness/base/error.h"

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::stats {

using Nanos = std::chrono::nanoseconds;

// The default covers 1 ns to one hour in 3 digits: 33 × 1,024 counters, 270 kB.
struct HistogramShape {
  std::int64_t lowest = 1;                   // >= 1
  std::int64_t highest = 3'600'000'000'000;  // >= 2 × lowest
  int digits = 3;                            // 1 to 5
  friend bool operator==(const HistogramShape&, const HistogramShape&) = default;
};

// What is wrong with a shape, as a part of a sentence; empty when it can be built.
std::string shape_fault(const HistogramShape& shape);

// Where the values of a shape lie. Bucket k covers the values below sub_buckets() << (k + unit
// magnitude); all but the first use their upper half only, because the lower half is the bucket
// before.
class BucketLayout {
 public:
  explicit BucketLayout(const HistogramShape& shape);

  std::size_t index_of(std::int64_t value) const noexcept {
    const auto bits = static_cast<std::uint64_t>(value);
    // The mask lifts the small values into bucket 0.
    const int bucket = zeros_of_bucket_0_ - std::countl_zero(bits | mask_);
    return (static_cast<std::size_t>(bucket) << half_magnitude_) +
           (bits >> (bucket + unit_magnitude_));
  }
  std::int64_t lowest_at(std::size_t index) const noexcept;
  std::int64_t highest_at(std::size_t index) const noexcept;
  std::int64_t middle_at(std::size_t index) const noexcept;

  std::size_t counters() const noexcept { return (buckets_ + 1) << half_magnitude_; }
  std::size_t buckets() const noexcept { return buckets_; }
  std::size_t sub_buckets() const noexcept { return std::size_t{2} << half_magnitude_; }

 private:
  int width_magnitude(std::size_t index) const noexcept;

  int unit_magnitude_ = 0;     // log2 of the lowest value, rounded down
  int half_magnitude_ = 0;     // log2 of half the sub-buckets
  int zeros_of_bucket_0_ = 0;  // leading zeros of the largest value in bucket 0
  std::uint64_t mask_ = 0;     // the bits that bucket 0 covers
  std::size_t buckets_ = 0;
};

class Histogram {
 public:
  explicit Histogram(HistogramShape shape = {});

  // Values below 0 count as 0; values beyond the highest are recorded as the highest and counted in
  // clipped().
  void record(Nanos value) noexcept { record(value, 1); }
  void record(Nanos value, std::uint64_t times) noexcept;
  // REQUIRES: same shape. Associative and commutative.
  void merge(const Histogram& other);
  void clear() noexcept;

  std::uint64_t count() const noexcept { return total_; }
  std::uint64_t clipped() const noexcept { return clipped_; }
  bool empty() const noexcept { return total_ == 0; }
  // The value at rank max(1, ceil(q × count)), as HdrHistogram's getValueAtPercentile: the highest
  // value equivalent to the recorded one, never above max(). 0 when empty.
  Nanos quantile(double q) const noexcept;
  Nanos min() const noexcept { return Nanos{empty() ? 0 : min_}; }  // exact
  Nanos max() const noexcept { return Nanos{max_}; }                // exact
  double mean() const noexcept;       // exact: from a running integer sum
  double deviation() const noexcept;  // from bucket midpoints
  const HistogramShape& shape() const noexcept { return shape_; }
  const BucketLayout& layout() const noexcept { return layout_; }

  // Calls `visit(lowest, highest, count)` for every bucket that holds something, in rising order.
  void for_each(const std::function<void(std::int64_t, std::int64_t, std::uint64_t)>& visit) const;

  // "HISTFAAA…": base64 of the compressed V2 encoding. decode() restores counts; min, max and mean
  // are then known to bucket width only, unless set_exact() supplies them. decode() refuses
  // shapes of more than 16 MiB of counters and more than 2^53 values.
  std::string encode() const;
  static Result<Histogram> decode(std::string_view text);
  // Figures that contradict the counts are moved to the nearest ones that do not, because they come
  // from a file beside the counts. Does nothing when empty.
  void set_exact(Nanos min, Nanos max, double mean, std::uint64_t clipped) noexcept;

  friend bool operator==(const Histogram& a, const Histogram& b);  // same shape and same counts

 private:
  // A sum of nanoseconds times counts outgrows 64 bits; integers keep merge exactly associative.
  __extension__ typedef unsigned __int128 Sum;

  std::string encode_plain() const;
  // Sum, minimum and maximum from the counts alone, to bucket width.
  void derive_from_counts() noexcept;

  HistogramShape shape_;
  BucketLayout layout_;
  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t clipped_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = 0;
  Sum sum_ = 0;
};

inline void Histogram::record(Nanos value, std::uint64_t times) noexcept {
  if (times == 0) {
    return;
  }
  std::int64_t ns = value.count() < 0 ? 0 : value.count();
  if (ns > shape_.highest) [[unlikely]] {
    ns = shape_.highest;
    clipped_ += times;
  }
  counts_[layout_.index_of(ns)] += times;
  total_ += times;
  min_ = ns < min_ ? ns : min_;
  max_ = ns > max_ ? ns : max_;
  sum_ += static_cast<Sum>(ns) * times;
}

}  // namespace pushbench::stats
