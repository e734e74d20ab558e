#include "harness/model/push.h"

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

}  // namespace pushbench::model
