// Distribution-free confidence intervals of quantiles from order statistics (David and Nagaraja,
// "Order Statistics", 3rd ed. 2003, section 7.1): the samples of rank l and u bracket the
// q-quantile with the probability that a binomial (n, q) lies in [l, u - 1]. With its normal
// approximation l = floor(n q - z s) and u = ceil(n q + z s) + 1, where s = sqrt(n q (1 - q)): both
// ends are rounded outwards. Also: how many independent samples a quantile needs before it may be
// printed at all. Pure, any thread.
#pragma once

#include "harness/stats/histogram.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace pushbench::stats {

// Smallest n for which the largest sample is an upper bound of the q-quantile with the given
// confidence: 1 - q^n >= confidence. p95: 59, p99: 299, p99.9: 2,995. The largest number when no n
// is enough (q >= 1 or confidence >= 1).
std::uint64_t samples_needed(double q, double confidence = 0.95) noexcept;

// 1-based ranks of the interval's ends; nullopt when n is too small for both bounds or q is not
// between 0 and 1.
std::optional<std::pair<std::uint64_t, std::uint64_t>> quantile_ranks(std::uint64_t n,
                                                                      double q,
                                                                      double z = 1.96) noexcept;

// The interval in values, for `independent` draws behind the histogram's count (broadcasts share a
// stall: the number of events, not of deliveries). More draws than samples count as the samples.
std::optional<std::pair<Nanos, Nanos>> quantile_interval(const Histogram& histogram,
                                                         double q,
                                                         std::uint64_t independent,
                                                         double z = 1.96);

}  // namespace pushbench::stats
