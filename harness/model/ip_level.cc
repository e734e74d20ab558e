#include "harness/model/ip_level.h"

#include <algorithm>
#include <cmath>

namespace pushbench::model {
namespace {

double per(double sum, double count) {
  return count > 0 ? sum / count : 0;
}

double empty_answer(const Exchanged& what) {
  const plan::StrategySpec& cell = what.cell;
  const Exchanges& e = what.exchanges;
  return cell.replays() ? static_cast<double>(cell.response_head.size()) + cell.response_length
                        : empty_head(per(e.empty_digits, e.empty_answers), cell.new_connection);
}

Amount full_answers(const Exchanged& what, const AskedRuns& runs) {
  if (what.cell.replays()) {
    return answer_segments(empty_answer(what), runs).times(what.exchanges.full_answers);
  }
  const Exchanges& e = what.exchanges;
  const double each = what.event.payload + what.event.line;
  Amount out;
  for (const auto& size : what.asking.sizes) {
    const double body = std::floor(size.events * each + 0.5);
    const double head =
        events_head(per(e.full_digits, e.full_answers), digits_of(body), what.cell.new_connection);
    out += answer_segments(head + body, runs).times(size.share * e.full_answers);
  }
  return out;
}

Amount asked(const Exchanged& what) {
  const Exchanges& e = what.exchanges;
  const Bytes bytes = bytes_of(what.cell, what.place, e);
  AskedRuns runs{.requests = e.requests,
                 .request_bytes = per(bytes.head_up, e.requests),
                 .slow_share = what.asking.slow_share,
                 .asks_again_soon = what.asking.pause_s <= kDelayedAck,
                 .new_connections = what.cell.new_connection,
                 .empty_answers = e.empty_answers,
                 .empty_bytes = empty_answer(what),
                 .full_answers = {}};
  runs.full_answers = full_answers(what, runs);
  return asked_segments(runs);
}

// Events that fall due together may leave in one run, when the connection has as many under way as
// its window allows.
Amount pushed(const Exchanged& what) {
  Amount out = what.event.segments(what.cell).times(what.deliveries);
  if (what.batch > 1) {
    out.low = (what.exchanges.event_payload + what.exchanges.event_framing) / kSegmentData;
  }
  return out;
}

// A comment and its acknowledgement; a ping, its pong and the acknowledgement of that.
Amount signs(const Exchanged& what) {
  const double each = what.cell.strategy == "websocket" ? 3 : 2;
  return Amount{each, each - 1, each + 1}.times(what.exchanges.signs_of_life);
}

}  // namespace

Amount segments_of(const Exchanged& what) {
  Amount out = what.exchanges.requests > 0 ? asked(what) : pushed(what);
  out += signs(what);
  return out;
}

Amount upstream_segments() {
  return {3, 2, 4};
}

double ip_bytes(double data, double segments, double opened) {
  return data + kSegmentHeads * segments + 2 * (kSynHeads - kSegmentHeads) * opened;
}

}  // namespace pushbench::model
