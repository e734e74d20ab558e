// What metrics of a cell will be, with the interval that holds them in 99 runs of 100: over the
// number of events that fall due (Poisson), the sizes drawn, and the phases of polls at the edges
// of the window. Latency is held to 5 % or, where there are few draws, to what they leave open;
// what a processor needs comes on top and is not in it. Pure.
#pragma once

#include "harness/model/totals.h"

#include <map>
#include <string>

namespace pushbench::model {

inline constexpr double kTimeWaitSeconds = 60;  // TCP_TIMEWAIT_LEN of Linux
inline constexpr double kLatencyTolerance = 0.05;
// How long a machine may take to answer one long-poll and to ask the next, both ends: five to eight
// system calls of 4 us (loopback of an idle machine) to 10 us (a shared one). All clients of a
// topic are answered before the last of them has asked again, and what falls due meanwhile shares
// an answer: a range reaches down to that, and its mean assumes no such time.
inline constexpr double kExchangeSeconds = 80e-6;

struct Range {
  double mean = 0, low = 0, high = 0;
  bool holds(double value) const { return value >= low && value <= high; }
};

// By the names of the metrics table: every metric that closed forms reach, with its units.
using Ranges = std::map<std::string, Range, std::less<>>;
Ranges intervals_of(const Case& c, const Totals& totals);

// All bytes of the window, upstream events not included.
Range bytes_interval(const Case& c, const Totals& totals);

}  // namespace pushbench::model
