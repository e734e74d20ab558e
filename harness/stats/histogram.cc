#include "harness/stats/histogram.h"

#include "harness/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::stats {
namespace {

constexpr int kMostMagnitude = 61;  // unit and half magnitude together, so that shifts fit int64

int unit_magnitude_of(const HistogramShape& shape) noexcept {
  return 63 - std::countl_zero(static_cast<std::uint64_t>(shape.lowest));
}

// The sub-buckets must resolve single units up to 2 × 10^digits: the next power of two, halved.
int half_magnitude_of(const HistogramShape& shape) noexcept {
  std::uint64_t resolved = 2;
  for (int digit = 0; digit < shape.digits; ++digit) {
    resolved *= 10;
  }
  return 63 - std::countl_zero(resolved - 1);
}

std::size_t buckets_for(std::int64_t highest, int sub_bucket_bits) noexcept {
  std::size_t buckets = 1;
  while (sub_bucket_bits < 63 && (std::int64_t{1} << sub_bucket_bits) <= highest) {
    ++sub_bucket_bits;
    ++buckets;
  }
  return buckets;
}

}  // namespace

std::string shape_fault(const HistogramShape& shape) {
  if (shape.lowest < 1) {
    return fmt::format("its lowest value is {}, expected 1 or more", shape.lowest);
  }
  if (shape.highest / 2 < shape.lowest) {
    return fmt::format("its highest value is {}, expected at least twice the lowest, {}",
                       shape.highest, shape.lowest);
  }
  if (shape.digits < 1 || shape.digits > 5) {
    return fmt::format("it has {} significant digits, expected 1 to 5", shape.digits);
  }
  if (unit_magnitude_of(shape) + half_magnitude_of(shape) > kMostMagnitude) {
    return fmt::format("its lowest value {} is too large for {} significant digits", shape.lowest,
                       shape.digits);
  }
  return {};
}

BucketLayout::BucketLayout(const HistogramShape& shape) {
  PUSHBENCH_CHECK(shape_fault(shape).empty());
  unit_magnitude_ = unit_magnitude_of(shape);
  half_magnitude_ = half_magnitude_of(shape);
  zeros_of_bucket_0_ = 64 - unit_magnitude_ - half_magnitude_ - 1;
  mask_ = (static_cast<std::uint64_t>(sub_buckets()) - 1) << unit_magnitude_;
  buckets_ = buckets_for(shape.highest, unit_magnitude_ + half_magnitude_ + 1);
}

int BucketLayout::width_magnitude(std::size_t index) const noexcept {
  const auto half = static_cast<int>(index >> half_magnitude_);
  return unit_magnitude_ + std::max(half - 1, 0);
}

std::int64_t BucketLayout::lowest_at(std::size_t index) const noexcept {
  const std::size_t half_count = std::size_t{1} << half_magnitude_;
  // Only bucket 0 has a lower half: there the index is the sub-bucket.
  const std::size_t sub_bucket =
      index < half_count ? index : (index & (half_count - 1)) + half_count;
  return static_cast<std::int64_t>(sub_bucket << width_magnitude(index));
}

std::int64_t BucketLayout::highest_at(std::size_t index) const noexcept {
  return lowest_at(index) + ((std::int64_t{1} << width_magnitude(index)) - 1);
}

std::int64_t BucketLayout::middle_at(std::size_t index) const noexcept {
  return lowest_at(index) + ((std::int64_t{1} << width_magnitude(index)) >> 1);
}

Histogram::Histogram(HistogramShape shape)
    : shape_(shape), layout_(shape), counts_(layout_.counters()) {}

void Histogram::merge(const Histogram& other) {
  PUSHBENCH_CHECK(shape_ == other.shape_);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += other.counts_[i];
  }
  total_ += other.total_;
  clipped_ += other.clipped_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

void Histogram::clear() noexcept {
  std::fill(counts_.begin(), counts_.end(), 0);
  total_ = 0;
  clipped_ = 0;
  min_ = std::numeric_limits<std::int64_t>::max();
  max_ = 0;
  sum_ = 0;
}

Nanos Histogram::quantile(double q) const noexcept {
  const double exact = std::min(q, 1.0) * static_cast<double>(total_);
  // The product may lie one unit in the last place above the whole number that it stands for
  // (0.07 × 100), and must not skip a sample for that.
  const double rank = std::ceil(std::nextafter(exact, 0.0));
  const std::uint64_t wanted = rank >= 1 ? static_cast<std::uint64_t>(rank) : 1;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted) {
      return Nanos{std::min(layout_.highest_at(i), max_)};
    }
  }
  return Nanos{0};
}

double Histogram::mean() const noexcept {
  return empty() ? 0 : static_cast<double>(sum_) / static_cast<double>(total_);
}

double Histogram::deviation() const noexcept {
  if (empty()) {
    return 0;
  }
  // Around the mean of the midpoints, not the exact one: a single value must deviate by 0.
  double sum = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    sum += static_cast<double>(layout_.middle_at(i)) * static_cast<double>(counts_[i]);
  }
  const double mean = sum / static_cast<double>(total_);
  double squares = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const double distance = static_cast<double>(layout_.middle_at(i)) - mean;
    squares += distance * distance * static_cast<double>(counts_[i]);
  }
  return std::sqrt(squares / static_cast<double>(total_));
}

void Histogram::for_each(
    const std::function<void(std::int64_t, std::int64_t, std::uint64_t)>& visit) const {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) {
      visit(layout_.lowest_at(i), layout_.highest_at(i), counts_[i]);
    }
  }
}

void Histogram::set_exact(Nanos min, Nanos max, double mean, std::uint64_t clipped) noexcept {
  if (empty()) {
    return;
  }
  const auto filled = [](std::uint64_t count) { return count != 0; };
  const auto first = std::find_if(counts_.begin(), counts_.end(), filled) - counts_.begin();
  const auto last = counts_.rend() - std::find_if(counts_.rbegin(), counts_.rend(), filled) - 1;
  const auto within = [this](Nanos value, std::ptrdiff_t at) {
    const auto index = static_cast<std::size_t>(at);
    return std::clamp(value.count(), layout_.lowest_at(index), layout_.highest_at(index));
  };
  min_ = within(min, first);
  max_ = std::max(within(max, last), min_);
  clipped_ = std::min(clipped, total_);
  if (!std::isnan(mean)) {
    const double possible = std::clamp(mean, static_cast<double>(min_), static_cast<double>(max_));
    sum_ = static_cast<Sum>(std::round(possible * static_cast<double>(total_)));
  }
}

void Histogram::derive_from_counts() noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    if (counts_[i] != 0) {
      min_ = std::min(min_, layout_.lowest_at(i));
      max_ = layout_.highest_at(i);
      total_ += counts_[i];
      sum_ += static_cast<Sum>(layout_.middle_at(i)) * counts_[i];
    }
  }
}

bool operator==(const Histogram& a, const Histogram& b) {
  return a.shape_ == b.shape_ && a.counts_ == b.counts_;
}

}  // namespace pushbench::stats
