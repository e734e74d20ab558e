// Streaming and WebSocket: an event waits for nothing, it only travels: latency = d. Requests are
// one for the whole stream. What is sent when nobody has anything to say is in the wire formats of
// servers/reference/README.md: an SSE comment after 15 s of silence, a WebSocket ping to a client
// that is silent for 30 s (and its pong, RFC 6455 section 5.5.3). Pure.
#pragma once

#include "harness/model/load.h"

namespace pushbench::model {

inline constexpr double kSseSilence = 15;        // s
inline constexpr double kWebSocketSilence = 30;  // s

Latency push_latency(double one_way_s);

// Signs of life per second and connection: one for every whole `silence` that a gap between events
// lasts. Poisson events: rate / (exp(rate silence) - 1), the sum over k of rate exp(-k rate
// silence); periodic: floor(period / silence) a period (an event that falls due with the sign comes
// first). Rate 0: 1 / silence.
double signs_of_life_per_s(const Arrivals& arrivals, double silence_s);

// Mean number of them for one connection from `begin` to `end`, seconds since publishing began,
// when connections were opened evenly over the `ramp` before that. Poisson: behind an event at t a
// sign falls on every t + k silence that no other event comes before, and likewise behind the
// opening.
double signs_of_life_between(
    const Arrivals& arrivals, double silence_s, double ramp_s, double begin_s, double end_s);

}  // namespace pushbench::model
