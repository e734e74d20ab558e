#include "harness/model/polling.h"

#include "harness/base/check.h"

#include <algorithm>
#include <cmath>

namespace pushbench::model {
namespace {

constexpr int kHalvings = 60;  // of a bisection: beyond the precision of a double

// The distance T between starts that take place.
double beat(const Polls& polls) {
  return polls.interval_s * (std::floor(polls.busy_s / polls.interval_s) + 1);
}

// E[(D - z)+] of the triangle over [-2, 2] with density (2 - |d|) / 4.
double triangle_above(double z) {
  const double inside = std::max(0.0, 2 - std::abs(z));
  return inside * inside * inside / 24 + std::max(0.0, -z);
}

// E[(X - x)+] of the distance X between two starts.
double mean_above(const Polls& polls, double x) {
  const double t = beat(polls);
  if (polls.jitter == 0) {
    return std::max(0.0, t - x);
  }
  const double reach = polls.jitter * polls.interval_s;
  return reach * triangle_above((x - t) / reach);
}

double longest_wait(const Polls& polls) {
  return beat(polls) + 2 * polls.jitter * polls.interval_s;
}

double mean_wait(const Polls& polls) {
  const double t = beat(polls);
  const double reach = polls.jitter * polls.interval_s;
  return (t * t + 2 * reach * reach / 3) / (2 * t);
}

double empty_share(const Polls& polls, const Arrivals& arrivals) {
  const double t = beat(polls);
  if (!arrivals.poisson) {
    const double period = arrivals.period_s();
    // E[(P - X)+] = P - E[X] + E[(X - P)+].
    return std::max(0.0, period - t + mean_above(polls, period)) / period;
  }
  const double a = arrivals.rate_per_s * polls.jitter * polls.interval_s;
  // exp(-rate T) sinh(a)² / a², written so that a large a does not overflow.
  const double spread = a < 1e-6 ? 1 : (1 - std::exp(-2 * a)) / (2 * a);
  return std::exp(2 * a - arrivals.rate_per_s * t) * spread * spread;
}

}  // namespace

double polling_quantile(const Polls& polls, double p) {
  PUSHBENCH_CHECK(p >= 0 && p <= 1);
  double low = 0;
  double high = longest_wait(polls);
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (mean_above(polls, middle) > (1 - p) * beat(polls) ? low : high) = middle;
  }
  return high + polls.one_way_s;
}

Asking polling(const Polls& polls, const Arrivals& arrivals) {
  PUSHBENCH_CHECK(polls.interval_s > 0 && arrivals.rate_per_s > 0);
  const double t = beat(polls);
  Asking out;
  out.latency = {.mean_s = mean_wait(polls) + polls.one_way_s,
                 .p50_s = polling_quantile(polls, 0.5),
                 .p99_s = polling_quantile(polls, 0.99),
                 .max_s = longest_wait(polls) + polls.one_way_s};
  out.requests_per_s = 1 / t;
  out.pause_s = t;
  out.empty_share = empty_share(polls, arrivals);
  const double mean = arrivals.rate_per_s * t;
  // A Poisson mean so small that every poll is empty, to the last digit of a double.
  out.events_per_answer = out.empty_share < 1 ? mean / (1 - out.empty_share) : 1;
  out.sizes = arrivals.poisson ? some_of_poisson(mean)
                               : multiples_around(out.events_per_answer, arrivals.batch);
  return out;
}

}  // namespace pushbench::model
