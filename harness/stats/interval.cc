#include "harness/stats/interval.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pushbench::stats {

std::uint64_t samples_needed(double q, double confidence) noexcept {
  if (!(q < 1) || !(confidence < 1)) {
    return std::numeric_limits<std::uint64_t>::max();
  }
  if (q <= 0 || confidence <= 0) {
    return 1;
  }
  // Where a whole number is just enough (one sample for q 0.1 at 0.9), rounding must not add one.
  const double needed = std::ceil(std::log1p(-confidence) / std::log(q) * (1 - 1e-12));
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(needed));
}

std::optional<std::pair<std::uint64_t, std::uint64_t>> quantile_ranks(std::uint64_t n,
                                                                      double q,
                                                                      double z) noexcept {
  if (!(q > 0 && q < 1 && z >= 0)) {
    return std::nullopt;
  }
  const double count = static_cast<double>(n);
  const double reach = z * std::sqrt(count * q * (1 - q));
  const double lower = std::floor(count * q - reach);
  const double upper = std::ceil(count * q + reach) + 1;
  if (!(lower >= 1 && upper <= count)) {
    return std::nullopt;
  }
  return std::pair{static_cast<std::uint64_t>(lower), static_cast<std::uint64_t>(upper)};
}

std::optional<std::pair<Nanos, Nanos>> quantile_interval(const Histogram& histogram,
                                                         double q,
                                                         std::uint64_t independent,
                                                         double z) {
  const std::uint64_t draws = std::min(independent, histogram.count());
  const auto ranks = quantile_ranks(draws, q, z);
  if (!ranks) {
    return std::nullopt;
  }
  const auto at = [&histogram, draws](std::uint64_t rank) {
    return histogram.quantile(static_cast<double>(rank) / static_cast<double>(draws));
  };
  return std::pair{at(ranks->first), at(ranks->second)};
}

}  // namespace pushbench::stats
