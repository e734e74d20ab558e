// Bytes that one event of a scenario's payload costs on its way down, as a mean over the sizes that
// the payload draws, in each framing. Means over whole distributions are sums of the exact size of
// every member (fixed, uniform, the lines of a file with their escapes); over a log-normal one they
// are an integral over ±6 standard deviations in 4,096 steps. Pure.
#pragma once

#include "harness/model/segments.h"
#include "harness/plan/scenario.h"

#include <string_view>

namespace pushbench::model {

struct EventBytes {
  double payload = 0;
  double payload_deviation = 0;  // standard deviation; 0 for a file, whose lines come in turn
  double line = 0;               // framing in the body of a poll or long-poll
  double chunked = 0;
  double sse = 0;
  double websocket = 0;
  Amount chunked_segments, sse_segments, websocket_segments;  // of a push and its acknowledgements

  // The framing of a cell's strategy.
  double framing(const plan::StrategySpec& cell) const;
  // Of an event that is pushed on its own; zero for strategies that ask.
  Amount segments(const plan::StrategySpec& cell) const;
};

// `seq_digits` may be a mean.
EventBytes event_bytes(const plan::PayloadSpec& payload, double seq_digits);

}  // namespace pushbench::model
