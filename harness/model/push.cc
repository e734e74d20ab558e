#include "harness/model/push.h"

#include <algorithm>
#include <cmath>

namespace pushbench::model {

Latency push_latency(double one_way_s) {
  return {.mean_s = one_way_s, .p50_s = one_way_s, .p99_s = one_way_s, .max_s = one_way_s};
}

double signs_of_life_per_s(const Arrivals& arrivals, double silence_s) {
  if (arrivals.rate_per_s <= 0) {
    return 1 / silence_s;
  }
  if (arrivals.poisson) {
    return arrivals.rate_per_s / std::expm1(arrivals.rate_per_s * silence_s);
  }
  const double period = arrivals.period_s();
  return std::ceil(period / silence_s - 1) / period;
}

namespace {

// Behind the opening of a connection, the k-th sign at `at` after it: where that lies in the
// window, with the probability that nothing was published before.
double behind_opening(double rate, double at, double ramp_s, double begin_s, double end_s) {
  if (ramp_s <= 0) {
    return at >= begin_s && at < end_s ? std::exp(-rate * at) : 0;
  }
  const double from = std::max(begin_s, at - ramp_s);
  const double to = std::min(end_s, at);
  return to <= from ? 0 : (std::exp(-rate * from) - std::exp(-rate * to)) / (rate * ramp_s);
}

}  // namespace

double signs_of_life_between(
    const Arrivals& arrivals, double silence_s, double ramp_s, double begin_s, double end_s) {
  if (!arrivals.poisson) {
    return end_s < silence_s ? 0 : (end_s - begin_s) * signs_of_life_per_s(arrivals, silence_s);
  }
  const double rate = arrivals.rate_per_s;
  double sum = 0;
  const auto signs = static_cast<int>((end_s + ramp_s) / silence_s);
  for (int k = 1; k <= signs; ++k) {
    const double at = k * silence_s;
    const double room = std::max(0.0, end_s - at) - std::max(0.0, begin_s - at);
    sum += rate * std::exp(-rate * at) * room + behind_opening(rate, at, ramp_s, begin_s, end_s);
  }
  return sum;
}

}  // namespace pushbench::model
