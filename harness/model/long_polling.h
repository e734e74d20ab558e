// Long-polling, the next question following its answer at once, events kept by the server's log.
//
// Between an answer's departure and the next question's arrival the server has no question to
// answer: the blind gap G = 2d + c (one way down, turnaround, one way up). What falls into it waits
// for its end. Poisson events at rate λ, hold τ:
//   mean cycle        C = G + exp(-λG) (1 - exp(-λτ)) / λ   (gap, and the hold if the gap was
//   quiet) share in the gap  P_b = G / C latency           d with probability 1 - P_b, else d +
//   U(0, G): mean d + P_b G/2,
//                     quantile d + G max(0, (p - 1 + P_b) / P_b), maximum d + G, which for c = 0
//                     are the three transits of RFC 6202 section 2.2
//   requests          1/C per second, never more than 1/G: it batches; empty share exp(-λ(G + τ))
//   events an answer  λC / (1 - empty)
// Periodic events, period P: P > G: none waits (Pimentel & Nickerson 2012: d < P/2), one answer an
// event and floor(P / (τ + G)) empty ones between; P <= G: every answer is given at once and
// carries G/P events, mean wait G/2. The first of a batch is answered alone and the others wait out
// one gap. When holds run out between two events (P > τ + G), an event may meet the gap behind an
// empty answer: with probability G / (τ + G), the phase being taken as even.
#pragma once

#include "harness/model/load.h"

namespace pushbench::model {

struct LongPolls {
  double hold_s = 25;
  double one_way_s = 0;
  double turnaround_s = 0;
  double gap_s() const { return 2 * one_way_s + turnaround_s; }
};

struct LongPolling {
  Asking asking;
  double cycle_s = 0;       // C
  double share_in_gap = 0;  // P_b
};
LongPolling long_polling(const LongPolls& polls, const Arrivals& arrivals);

}  // namespace pushbench::model
