// What one subscription meets: how the events of its topic arrive, and the words in which the
// models of the strategies answer. Times are seconds, rates per second; counts may be fractions,
// since they are means. Pure.
#pragma once

#include "harness/plan/scenario.h"

#include <vector>

namespace pushbench::model {

// The events of one topic. Poisson: exponential gaps, one event each. Else periodic: `batch` events
// fall due together every `batch / rate_per_s`. plan/event_plan.h says how a schedule is spread
// over topics: Poisson events are drawn for each topic, others visit them in rotation. Bursts that
// do not divide evenly among the topics are taken for periodic at their mean; a trace is taken for
// Poisson at its mean rate.
struct Arrivals {
  bool poisson = true;
  double rate_per_s = 1;
  double batch = 1;
  double period_s() const { return batch / rate_per_s; }
};
Arrivals arrivals_of(const plan::Scenario& scenario);

// Latency: what the strategy makes an event wait, and its way down.
struct Latency {
  double mean_s = 0;
  double p50_s = 0;
  double p99_s = 0;
  double max_s = 0;
};

// `share` of the answers that hold any events hold `events` of them.
struct AnswerSize {
  double events = 0;
  double share = 0;
};

// Poisson with this mean, given at least one: exp(-m) m^k / k! / (1 - exp(-m)). Cut 8 standard
// deviations from the mean, and normalised.
std::vector<AnswerSize> some_of_poisson(double mean);
// The two whole multiples of `step` around the mean, so that the mean is met.
std::vector<AnswerSize> multiples_around(double mean, double step);

// A client that asks: polling and long-polling.
struct Asking {
  Latency latency;
  double requests_per_s = 0;
  double empty_share = 0;        // of the answers
  double events_per_answer = 0;  // of the answers that hold any
  std::vector<AnswerSize> sizes;
  double slow_share = 0;  // of the requests: wait longer than an acknowledgement (segments.h)
  double pause_s = 0;     // from an answer to the next request
};

// Decimal digits of n, and their mean over sequence numbers that rise evenly from `from` to `to`
// (integers below `to`: exact). 0 has one digit, and so has what lies before the first event.
// Integral of digits(floor u): S(x) = x + sum over k >= 1 of max(0, x - 10^k).
double digits_of(double n);
double mean_digits(double from, double to);

// Mean digits of `first` + N while the mean of N rises evenly from `from` to `to`. Periodic: N is
// the whole part of its mean. Poisson: digits are 1 and one for each power p = 10^k that N has
// reached, and the integral of P(N >= K) over a mean from 0 to x is x P(N >= K) - K P(N >= K + 1),
// where P(N >= K) is the regularised incomplete gamma function P(K, x) (DLMF 8.2.4, 8.8.5).
double mean_digits(const Arrivals& arrivals, double from, double to, double first);

}  // namespace pushbench::model
