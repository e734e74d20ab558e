#include "harness/stats/hgrm.h"

#include "harness/base/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

namespace pushbench::stats {
namespace {

constexpr int kMostTicks = 1000;

// Steps of equal size within each halving of the distance to 100 %, half as large in the next.
double next_level(double level, int ticks_per_half) {
  const double halvings = std::floor(std::log2(100.0 / (100.0 - level))) + 1;
  return level + 100.0 / (ticks_per_half * std::exp2(halvings));
}

class Rows {
 public:
  Rows(const Histogram& histogram, int ticks_per_half, double unit_ns)
      : histogram_(histogram), ticks_per_half_(ticks_per_half), unit_ns_(unit_ns) {}

  // All levels that the samples up to this bucket have reached; the last bucket ends the list.
  void add(std::int64_t highest, std::uint64_t count) {
    seen_ += count;
    const double value = static_cast<double>(std::min(highest, histogram_.max().count()));
    const bool last = seen_ == histogram_.count();
    const double reached =
        100.0 * static_cast<double>(seen_) / static_cast<double>(histogram_.count());
    while (reached >= level_) {
      row(value);
      const double next = next_level(level_, ticks_per_half_);
      // Beyond 10^15 samples a step can be smaller than a double resolves.
      if (last || next <= level_) {
        break;
      }
      level_ = next;
    }
    if (last) {
      last_row(value);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void row(double value) {
    fmt::format_to(std::back_inserter(text_), "{:12.{}f} {:2.12f} {:10} {:14.2f}\n",
                   value / unit_ns_, histogram_.shape().digits, level_ / 100.0, seen_,
                   1 / (1 - level_ / 100.0));
  }
  void last_row(double value) {
    fmt::format_to(std::back_inserter(text_), "{:12.{}f} {:2.12f} {:10}\n", value / unit_ns_,
                   histogram_.shape().digits, 1.0, seen_);
  }

  const Histogram& histogram_;
  int ticks_per_half_;
  double unit_ns_;
  std::string text_;
  std::uint64_t seen_ = 0;
  double level_ = 0;
};

std::string summary(const Histogram& histogram, double unit_ns) {
  const int digits = histogram.shape().digits;
  return fmt::format("#[Mean    = {:12.{}f}, StdDeviation   = {:12.{}f}]\n",
                     histogram.mean() / unit_ns, digits, histogram.deviation() / unit_ns, digits) +
         fmt::format("#[Max     = {:12.{}f}, Total count    = {:12}]\n",
                     static_cast<double>(histogram.max().count()) / unit_ns, digits,
                     histogram.count()) +
         fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n", histogram.layout().buckets(),
                     histogram.layout().sub_buckets());
}

}  // namespace

std::string to_hgrm(const Histogram& histogram, int ticks_per_half, double unit_ns) {
  PUSHBENCH_CHECK(ticks_per_half >= 1 && ticks_per_half <= kMostTicks && unit_ns > 0);
  Rows rows(histogram, ticks_per_half, unit_ns);
  histogram.for_each([&rows](std::int64_t, std::int64_t highest, std::uint64_t count) {
    rows.add(highest, count);
  });
  return "       Value     Percentile TotalCount 1/(1-Percentile)\n\n" + rows.take() +
         summary(histogram, unit_ns);
}

}  // namespace pushbench::stats
