#include "harness/swarm/subscription_recorder.h"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace pushbench::swarm {

using result::Counter;

namespace {

std::size_t class_of(const error_code& ec) {
  return static_cast<std::size_t>(fault_of(ec));
}

}  // namespace

void SubscriptionRecorder::on_open() {
  Recorder& r = recorder_;
  r.count(Counter::kSocketsOpened);
  ++sockets_;
  ++r.sockets_open_;
  r.counters_[Counter::kSocketsPeak] =
      std::max(r.counters_[Counter::kSocketsPeak], r.sockets_open_);
  r.live_.sockets_open.store(r.sockets_open_, std::memory_order_relaxed);
}

void SubscriptionRecorder::on_connect_failed(const error_code& ec) {
  if (ec == asio::error::operation_aborted) {
    return;  // we ended it ourselves at the end of the cell
  }
  recorder_.count(Counter::kSocketsFailed);
  ++recorder_.connect_faults_[class_of(ec)];
  bump(recorder_.live_.failed);
}

void SubscriptionRecorder::on_close(const error_code& ec) {
  Recorder& r = recorder_;
  --sockets_;
  --r.sockets_open_;
  r.live_.sockets_open.store(r.sockets_open_, std::memory_order_relaxed);
  if (!ec || ec == Errc::kGoingAway) {
    r.count(Counter::kSocketsClosedWell);
    return;
  }
  r.count(Counter::kSocketsCut);
  ++r.cut_faults_[class_of(ec)];
}

void SubscriptionRecorder::on_subscribed(Nanos took, TimePoint at) {
  recorder_.setup_.record(took);
  progress_ = true;
  connected_ = true;
  return_ = return_ == Return::kNone ? Return::kNone : Return::kArrived;
  if (first_subscribed_ != TimePoint()) {
    recorder_.count(Counter::kReconnects);
    return;
  }
  first_subscribed_ = at;
  bump(recorder_.live_.subscribed);
}

void SubscriptionRecorder::on_ended() {
  connected_ = false;
  return_ = Return::kOnTheWay;
  audit_.cut();
}

void SubscriptionRecorder::on_left() {
  connected_ = false;
  if (first_subscribed_ != TimePoint()) {
    bump(recorder_.live_.left);
  }
}

void SubscriptionRecorder::on_gap() {
  recorder_.count(Counter::kGaps);
  audit_.cut();
}

void SubscriptionRecorder::on_traffic(const wire::Traffic& delta) {
  Recorder& r = recorder_;
  const Return returning = return_;
  return_ = returning == Return::kArrived ? Return::kNone : returning;
  if (!r.window_open_) {
    return;
  }
  r.count(Counter::kHeadUp, delta.up.head);
  r.count(Counter::kFramingUp, delta.up.framing);
  r.count(Counter::kPayloadUp, delta.up.payload);
  r.count(Counter::kHeadDown, delta.down.head);
  r.count(Counter::kFramingDown, delta.down.framing);
  r.count(Counter::kPayloadDown, delta.down.payload);
  if (returning != Return::kNone) {
    r.count(Counter::kReconnectBytes, delta.up.head + delta.down.head);
  }
}

void SubscriptionRecorder::on_spelling(const transport::Spelling& delta) {
  Recorder& r = recorder_;
  r.count(Counter::kUncompressed, delta.uncompressed);
  if (!r.window_open_) {
    return;
  }
  r.count(Counter::kEventText, delta.event_text);
  r.count(Counter::kEventDigits, delta.event_digits);
  r.count(Counter::kEventEscapes, delta.event_escapes);
  r.count(Counter::kChunks, delta.chunks);
  r.count(Counter::kChunkDigits, delta.chunk_digits);
  r.count(Counter::kHeartbeats, delta.heartbeats);
  r.count(Counter::kHeartbeatBytes, delta.heartbeat_bytes);
}

void SubscriptionRecorder::on_ask() {
  recorder_.count(Counter::kRequestsSent);
  asked_ = true;
}

void SubscriptionRecorder::on_request(std::uint32_t cursor_digits) {
  recorder_.count_in_window(Counter::kRequests);
  recorder_.count_in_window(Counter::kRequestDigits, cursor_digits);
  recorder_.count_in_window(Counter::kFirstQuestions, cursor_digits == 0 ? 1 : 0);
}

void SubscriptionRecorder::on_answer(const transport::Answer& answer) {
  Recorder& r = recorder_;
  r.count(Counter::kRequestsAnswered);
  asked_ = false;
  r.count_in_window(Counter::kAnswers);
  if (answer.events == 0) {
    r.count_in_window(Counter::kEmptyPolls);
    r.count_in_window(Counter::kEmptyPollBytes, answer.bytes);
    r.count_in_window(Counter::kEmptyDigits, answer.cursor_digits);
    return;
  }
  r.count_in_window(Counter::kFullDigits, answer.cursor_digits);
  r.count_in_window(Counter::kLengthDigits, answer.length_digits);
}

void SubscriptionRecorder::on_stream_head(std::uint32_t cursor_digits) {
  recorder_.count(Counter::kRequestsAnswered);
  asked_ = false;
  recorder_.count_in_window(Counter::kStreamHeads);
  recorder_.count_in_window(Counter::kFullDigits, cursor_digits);
}

void SubscriptionRecorder::on_request_failed(const error_code& ec) {
  recorder_.count(Counter::kRequestsFailed);
  ++recorder_.request_faults_[class_of(ec)];
  asked_ = false;
}

void SubscriptionRecorder::on_skipped_poll() {
  recorder_.count_in_window(Counter::kSkippedPolls);
}

// Upstream bytes are in on_traffic too; they get an account of their own and are taken out of the
// other when it is merged, so that bytes per delivery are those of the deliveries.
void SubscriptionRecorder::on_upstream_sent(const wire::ByteTally& up) {
  Recorder& r = recorder_;
  r.count_in_window(Counter::kUpstreamSent);
  r.count_in_window(Counter::kUpstreamBytesUp, up.total());
  if (r.window_open_) {
    r.upstream_.up += up;
  }
}

void SubscriptionRecorder::on_upstream_unsent() {
  recorder_.count_in_window(Counter::kUpstreamUnsent);
}

void SubscriptionRecorder::on_upstream_acked(Nanos took, const wire::ByteTally& down) {
  Recorder& r = recorder_;
  r.count_in_window(Counter::kUpstreamAcked);
  r.count_in_window(Counter::kUpstreamBytesDown, down.total());
  if (r.window_open_) {
    r.upstream_.down += down;
    r.upstream_ack_.record(took);
  }
}

void SubscriptionRecorder::settle(std::uint64_t end, std::uint64_t young) {
  Recorder& r = recorder_;
  r.count(Counter::kRequestsOpenAtEnd, asked_ ? 1 : 0);
  r.count(Counter::kSocketsOpenAtEnd, sockets_);
  if (r.audit_) {
    if (owed_ != nullptr) {
      end = std::min(end, owed_->end);
      young = std::min(young, end);
    }
    const auto balance = audit_.close(end, connected_ ? young : end);
    r.count(Counter::kLost, balance.lost);
    r.count(Counter::kLostInGap, balance.lost_in_gap);
    r.count(Counter::kInFlight, balance.in_flight);
  }
}

}  // namespace pushbench::swarm
