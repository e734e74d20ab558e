// Polling on a start-to-start schedule with a random phase. An event that falls due between two
// polls waits for the second and then takes one way down: latency = wait + d. Independent of the
// arrival process, since the phase of the polls is uniform and knows nothing of the events.
//
// T apart without jitter the wait is uniform over (0, T]: mean T/2, quantile pT, maximum T (Lubbers
// & Greco's argument as a distribution; Bozdag et al. call T the pull interval). With jitter j
// every start moves by a uniform ±jT, so the distance of two is X = T (1 + jD), D = difference of
// two uniforms, a triangle over [-2, 2]. The wait is the residual life of X (renewal theory):
//   P(wait > x) = E[(X - x)+] / T, mean = E[X²] / 2T = T/2 (1 + 2j²/3), maximum T (1 + 2j).
// Empty share: Poisson events E[exp(-rate X)] = exp(-rate T) (sinh(a)/a)², a = rate T j; periodic
// ones E[(P - X)+] / P. A poll longer than T skips starts: the schedule then beats with the next
// multiple of T.
#pragma once

#include "harness/model/load.h"

namespace pushbench::model {

struct Polls {
  double interval_s = 1;
  double jitter = 0;
  double one_way_s = 0;
  double busy_s = 0;  // from a poll's start to its answer: round trips and turnaround
};

Asking polling(const Polls& polls, const Arrivals& arrivals);

// The latency below which a share of `p` lies.
double polling_quantile(const Polls& polls, double p);

}  // namespace pushbench::model
