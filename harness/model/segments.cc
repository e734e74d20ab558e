#include "harness/model/segments.h"

#include <algorithm>
#include <cmath>

namespace pushbench::model {
namespace {

// A single acknowledgement may wait for a second segment, and then covers both.
constexpr double kShared = 0.5;

Amount acknowledgements(double segments, bool answered_soon) {
  if (segments <= 1) {
    return {answered_soon ? 0 : segments, answered_soon ? 0 : kShared * segments, segments};
  }
  const double pieces = std::ceil(segments / kOffload);
  return {pieces, answered_soon ? 0 : kShared * pieces, segments};
}

}  // namespace

double data_segments(double bytes) {
  return std::ceil(bytes / kSegmentData);
}

Amount run_segments(double bytes, bool answered_soon) {
  const double segments = data_segments(bytes);
  Amount out = acknowledgements(segments, answered_soon);
  out += {segments, segments, segments};
  return out;
}

Amount opening_segments() {
  return {3, 3, 3};
}

Amount ending_segments() {
  return {4, 3, 4};
}

Amount answer_segments(double bytes, const AskedRuns& runs) {
  return run_segments(bytes, runs.asks_again_soon && !runs.new_connections);
}

Amount asked_segments(const AskedRuns& runs) {
  const Amount slow = run_segments(runs.request_bytes, false);
  Amount soon = run_segments(runs.request_bytes, true);
  Amount out;
  if (runs.new_connections) {  // it is young: its first request is acknowledged at once
    soon.mean = soon.high;
    out += opening_segments().times(runs.requests);
    out += ending_segments().times(runs.requests);
  }
  out += slow.times(runs.requests * runs.slow_share);
  out += soon.times(runs.requests * (1 - runs.slow_share));
  out += answer_segments(runs.empty_bytes, runs).times(runs.empty_answers);
  out += runs.full_answers;
  return out;
}

}  // namespace pushbench::model
