#include "harness/model/load.h"

#include "harness/base/check.h"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace pushbench::model {
namespace {

constexpr double kCut = 8;             // standard deviations; what lies beyond is below 1e-14
constexpr double kLargestExact = 1e6;  // a Poisson mean whose spread moves no digit count any more
constexpr double kLargestNumber = 1e19;

double digit_integral(double x) {
  double sum = x;
  for (double power = 10; power < x && power < kLargestNumber; power *= 10) {
    sum += x - power;
  }
  return sum;
}

// Of P(N >= least) over means of a Poisson N from 0 to x.
double reached_integral(double least, double x) {
  return x <= 0 ? 0
                : x * boost::math::gamma_p(least, x) - least * boost::math::gamma_p(least + 1, x);
}

double poisson_digit_integral(double x, double first) {
  double sum = x;
  double power = 10;
  while (power <= kLargestExact) {
    sum += reached_integral(power - first, x);
    power *= 10;
  }
  return sum;
}

}  // namespace

Arrivals arrivals_of(const plan::Scenario& scenario) {
  Arrivals out;
  out.poisson = scenario.events.arrival == plan::Arrival::kPoisson ||
                scenario.events.arrival == plan::Arrival::kTrace;
  out.rate_per_s = scenario.events.rate_per_s / scenario.topics;
  if (scenario.events.arrival == plan::Arrival::kBurst) {
    out.batch = std::max(1.0, static_cast<double>(scenario.events.burst) / scenario.topics);
  }
  return out;
}

std::vector<AnswerSize> some_of_poisson(double mean) {
  PUSHBENCH_CHECK(mean >= 0);
  if (mean > kLargestExact) {
    return multiples_around(mean, 1);
  }
  if (mean < 1e-9) {
    return {{1, 1}};
  }
  const double reach = kCut * std::sqrt(mean) + kCut;
  std::vector<AnswerSize> out;
  double sum = 0;
  const auto first = static_cast<std::uint64_t>(std::max(1.0, mean - reach));
  const auto last = static_cast<std::uint64_t>(mean + reach);
  for (std::uint64_t count = first; count <= last; ++count) {
    const auto k = static_cast<double>(count);
    const double share = std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
    out.push_back({k, share});
    sum += share;
  }
  for (auto& size : out) {
    size.share /= sum;
  }
  return out;
}

std::vector<AnswerSize> multiples_around(double mean, double step) {
  PUSHBENCH_CHECK(step > 0);
  const double below = std::floor(mean / step);
  const double above_share = mean / step - below;
  if (below < 1) {
    return {{step, 1}};
  }
  if (above_share == 0) {
    return {{mean, 1}};
  }
  return {{below * step, 1 - above_share}, {(below + 1) * step, above_share}};
}

double digits_of(double n) {
  double digits = 1;
  for (double power = 10; power <= n && power < kLargestNumber; power *= 10) {
    ++digits;
  }
  return digits;
}

double mean_digits(double from, double to) {
  return to > from ? (digit_integral(to) - digit_integral(from)) / (to - from)
                   : digits_of(std::floor(from));
}

double mean_digits(const Arrivals& arrivals, double from, double to, double first) {
  if (!arrivals.poisson || to > kLargestExact || to <= from) {
    return mean_digits(from + first, to + first);
  }
  return (poisson_digit_integral(to, first) - poisson_digit_integral(from, first)) / (to - from);
}

}  // namespace pushbench::model
