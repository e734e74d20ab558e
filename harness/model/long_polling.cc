#include "harness/model/long_polling.h"

#include "harness/base/check.h"
#include "harness/model/segments.h"

#include <algorithm>
#include <cmath>

namespace pushbench::model {
namespace {

// d with probability 1 - share, else d + U(0, gap).
Latency uniform_in_gap(double one_way, double gap, double share) {
  const auto quantile = [&](double p) {
    return share > 0 ? one_way + gap * std::max(0.0, (p - 1 + share) / share) : one_way;
  };
  return {.mean_s = one_way + share * gap / 2,
          .p50_s = quantile(0.5),
          .p99_s = quantile(0.99),
          .max_s = one_way + (share > 0 ? gap : 0)};
}

// Some answers were given to a parked question and hold one event, others at once at the end of a
// gap and hold what fell into it.
std::vector<AnswerSize> poisson_sizes(double parked, double at_once, double gap_mean) {
  auto sizes = some_of_poisson(gap_mean);
  for (auto& size : sizes) {
    size.share *= at_once / (parked + at_once);
  }
  sizes.push_back({1, parked / (parked + at_once)});
  return sizes;
}

LongPolling with_poisson(const LongPolls& polls, double rate) {
  const double gap = polls.gap_s();
  const double quiet_gap = std::exp(-rate * gap);
  const double answered_in_hold = -std::expm1(-rate * polls.hold_s);
  LongPolling out;
  out.cycle_s = gap + quiet_gap * answered_in_hold / rate;
  out.share_in_gap = gap / out.cycle_s;
  out.asking.latency = uniform_in_gap(polls.one_way_s, gap, out.share_in_gap);
  out.asking.requests_per_s = 1 / out.cycle_s;
  out.asking.empty_share = std::exp(-rate * (gap + polls.hold_s));
  const double given = -std::expm1(-rate * (gap + polls.hold_s));
  out.asking.events_per_answer = rate * out.cycle_s / given;
  out.asking.slow_share =
      polls.hold_s > kDelayedAck ? quiet_gap * std::exp(-rate * kDelayedAck) : 0;
  out.asking.sizes = poisson_sizes(quiet_gap * answered_in_hold, 1 - quiet_gap, rate * gap);
  return out;
}

// Answers follow each other at the distance of the gap, all of them full.
LongPolling back_to_back(const LongPolls& polls, const Arrivals& arrivals) {
  LongPolling out;
  out.cycle_s = polls.gap_s();
  out.share_in_gap = 1;
  out.asking.latency = uniform_in_gap(polls.one_way_s, polls.gap_s(), 1);
  out.asking.requests_per_s = 1 / out.cycle_s;
  out.asking.events_per_answer = out.cycle_s * arrivals.rate_per_s;
  out.asking.sizes = multiples_around(out.asking.events_per_answer, arrivals.batch);
  return out;
}

// One event alone, then the rest of its batch a gap later.
Latency batch_latency(const LongPolls& polls, double batch) {
  const double gap = polls.gap_s();
  const double waiting = (batch - 1) / batch;
  const auto quantile = [&](double p) { return polls.one_way_s + (p > 1 - waiting ? gap : 0); };
  return {.mean_s = polls.one_way_s + waiting * gap,
          .p50_s = quantile(0.5),
          .p99_s = quantile(0.99),
          .max_s = polls.one_way_s + gap};
}

LongPolling with_pauses(const LongPolls& polls, const Arrivals& arrivals) {
  const double gap = polls.gap_s();
  const double period = arrivals.period_s();
  const double empties = std::floor(period / (polls.hold_s + gap));
  const double answers = arrivals.batch > 1 ? 2 : 1;
  LongPolling out;
  out.cycle_s = period / (answers + empties);
  out.share_in_gap = empties > 0 ? gap / (polls.hold_s + gap) : 0;
  out.asking.latency = arrivals.batch > 1 ? batch_latency(polls, arrivals.batch)
                                          : uniform_in_gap(polls.one_way_s, gap, out.share_in_gap);
  out.asking.requests_per_s = 1 / out.cycle_s;
  out.asking.empty_share = empties / (answers + empties);
  out.asking.events_per_answer = arrivals.batch / answers;
  const double last_wait = period - answers * gap - empties * (polls.hold_s + gap);
  const double slow =
      (polls.hold_s > kDelayedAck ? empties : 0) + (last_wait > kDelayedAck ? 1 : 0);
  out.asking.slow_share = slow / (answers + empties);
  out.asking.sizes = {{1, 1}};
  if (arrivals.batch > 1) {
    out.asking.sizes = {{1, 0.5}, {arrivals.batch - 1, 0.5}};
    out.share_in_gap = (arrivals.batch - 1) / arrivals.batch;
  }
  return out;
}

}  // namespace

LongPolling long_polling(const LongPolls& polls, const Arrivals& arrivals) {
  PUSHBENCH_CHECK(polls.hold_s > 0 && polls.gap_s() >= 0 && arrivals.rate_per_s > 0);
  const double gaps = arrivals.batch > 1 ? 2 : 1;  // until the server has a question again
  LongPolling out = arrivals.poisson ? with_poisson(polls, arrivals.rate_per_s)
                    : arrivals.period_s() <= gaps * polls.gap_s() ? back_to_back(polls, arrivals)
                                                                  : with_pauses(polls, arrivals);
  out.asking.pause_s = polls.gap_s();
  return out;
}

}  // namespace pushbench::model
