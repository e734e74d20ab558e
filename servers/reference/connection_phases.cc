// The phases of a connection: answering, waiting, streaming, ending. Its input and output are in
// connection.cc.
#include "harness/base/check.h"
#include "servers/reference/connection.h"
#include "servers/reference/http.h"
#include "servers/reference/injector.h"
#include "servers/reference/long_polling.h"
#include "servers/reference/loop.h"
#include "servers/reference/tcp.h"

#include <sys/socket.h>
#include <unistd.h>

namespace pushbench::servers {

// ---- Answers

bool Connection::answer(std::string_view bytes, int status) {
  count_answer(status);
  phase_ = Phase::kHead;
  const bool sent = send(bytes);
  if (sent && !terms_.keep_alive) {
    if (terms_.asked_to_close && outbox_empty()) {
      close();
    } else {
      finish();
    }
  }
  return sent;
}

void Connection::count_answer(int status) noexcept {
  loop_.metrics.answered(terms_.endpoint, status);
}

bool Connection::answer(Head head, std::string_view body) {
  if (!body.empty()) {
    head.length = body.size();
  }
  head.close = !terms_.keep_alive;
  std::string& out = loop_.scratch;
  out.clear();
  append_head(out, loop_.date.now(), head);
  if (!terms_.head_only) {
    out += body;
  }
  return answer(out, head.status);
}

void Connection::refuse(const Refusal& refusal) {
  std::string& out = loop_.scratch;
  out.clear();
  append_refusal(out, loop_.date.now(), refusal, !terms_.keep_alive, terms_.head_only);
  answer(out, refusal.status);
}

void Connection::refuse_and_close(const Refusal& refusal) {
  terms_.keep_alive = false;
  terms_.asked_to_close = false;  // more may be under way; closing on it would reset the answer
  refuse(refusal);
}

void Connection::expect_body(std::unique_ptr<Upload> upload) {
  upload_ = std::move(upload);
  phase_ = Phase::kBody;
  arm(Wheel::ticks(loop_.limits().body_timeout));
}

std::unique_ptr<Upload> Connection::take_upload() noexcept {
  phase_ = Phase::kHead;
  return std::move(upload_);
}

// ---- Waiting

void Connection::hold(Topic& to, std::size_t strategy_row, std::chrono::milliseconds longest) {
  phase_ = Phase::kHeld;
  strategy_ = &strategies()[strategy_row];
  to.add(*this, strategy_row);
  ++loop_.metrics.waiting;
  ++loop_.metrics.subscribers[row];
  // By the clock, not by the wheel's last tick: a hold must not end early when the loop is late.
  loop_.wheel.arm(*this, loop_.wheel.tick_after(steady_now() + longest));
  if (loop_.stopping()) {
    strategy_->on_stop(*this);
  }
}

void Connection::end_hold() noexcept {
  leave();
  phase_ = Phase::kHead;
}

void Connection::leave() noexcept {
  if (topic == nullptr) {
    return;
  }
  Topic& left = *topic;
  if (listed) {
    left.remove(*this);
  }
  if (pinned_) {
    left.unpin();
  }
  pinned_ = false;
  behind_ = false;
  topic = nullptr;
  --loop_.metrics.subscribers[row];
  if (phase_ == Phase::kHeld) {
    --loop_.metrics.waiting;
  }
  loop_.topics.forget_if_unused(left);
}

void Connection::deliver(std::string_view bytes, const Strategy& strategy, const Event& event) {
  std::uint64_t& deliveries = loop_.metrics.deliveries[row];
  if (!strategy.once) {
    deliveries += send(bytes) ? 1U : 0U;
    return;
  }
  end_hold();
  if (!terms_.keep_alive) {
    loop_.body.clear();
    append_answer_to_event(loop_.body, event, true, strategy.compressed);
    bytes = loop_.body;
  }
  deliveries += answer(bytes, 200) ? 1U : 0U;
  resume_if_waiting();
}

void Connection::deliver(std::string_view bytes, std::uint32_t events) {
  std::uint64_t& deliveries = loop_.metrics.deliveries[row];
  deliveries += send(bytes) ? events : 0U;
}

void Connection::cut_behind(std::string_view bytes) {
  if (send(bytes)) {
    loop_.metrics.count(Injected::kCut);
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }
}

void Connection::answer_in_part(Head head, std::string_view body, std::size_t part) {
  head.length = body.size();
  head.close = !terms_.keep_alive;
  std::string& out = loop_.scratch;
  out.clear();
  append_head(out, loop_.date.now(), head);
  out += body.substr(0, part);
  cut_behind(out);
}

// Not at once: a fan-out may still be walking.
void Connection::resume_if_waiting() {
  if (phase_ != Phase::kHead) {
    return;
  }
  if (!carry_.empty()) {
    resume_later();
  }
  watch_head(loop_.clock_tick());
}

// ---- Streams

void Connection::stream(const Strategy& strategy,
                        std::size_t strategy_row,
                        Topic* to,
                        std::uint64_t cursor,
                        std::string& first) {
  phase_ = Phase::kStream;
  strategy_ = &strategy;
  row = static_cast<std::uint8_t>(strategy_row);
  heard_tick_ = loop_.clock_tick();  // its request is news, however long it lay behind a hold
  if (to == nullptr) {
    send(first);
  } else {
    topic = to;
    to->pin();
    pinned_ = true;
    behind_ = true;
    cursor_ = cursor;
    ++loop_.metrics.subscribers[row];
    catch_up(first);
  }
  // Behind the head: what a deadline says is part of the stream, and the head may have ended it.
  if (phase_ == Phase::kStream) {
    if (strategy.on_deadline != nullptr) {
      strategy.on_deadline(*this);
    } else {
      arm(Wheel::ticks(loop_.limits().unacknowledged));
    }
  }
  if (phase_ == Phase::kStream && loop_.stopping()) {
    strategy.on_stop(*this);
  }
}

// Sends what the log holds after the cursor, as much as the socket takes, then goes live. `out`
// may hold bytes that come first.
void Connection::catch_up(std::string& out) {
  while (phase_ == Phase::kStream && behind_ && outbox_empty()) {
    const EventLog& log = topic->log();
    if (!log.follows(cursor_)) {
      loop_.metrics.count(Trouble::kGap);
      if (!strategy_->on_gap(*this, out, log)) {
        return;
      }
      cursor_ = log.size() == 0 ? log.newest() : log.oldest() - 1;
    }
    const std::uint64_t before = cursor_;
    while (cursor_ < log.newest() && out.size() < loop_.limits().catch_up_bytes) {
      ++cursor_;
      strategy_->frame(out, {cursor_, log.at(cursor_), {}, loop_.body, loop_.deflater});
    }
    if (cursor_ == log.newest()) {
      behind_ = false;
      loop_.write_gathered(*topic);
      topic->add(*this, row);
    }
    if (loop_.injector() != nullptr) {
      loop_.injector()->before_delivery(cursor_ - before);
    }
    if (!out.empty() && send(out)) {
      loop_.metrics.deliveries[row] += cursor_ - before;
    }
    out.clear();
  }
}

// A stream whose strategy has no deadline of its own gets one: while bytes are on their way TCP
// sends no keep-alive probes, and would try for a quarter of an hour.
void Connection::watch_peer() {
  if (phase_ != Phase::kStream) {
    return;
  }
  const auto longest = loop_.limits().unacknowledged;
  if (vanished(descriptor_, longest)) {
    loop_.metrics.count(Trouble::kClientGone);
    close();
  } else if (strategy_->on_deadline == nullptr) {
    arm(Wheel::ticks(longest));
  }
}

void Connection::use_websocket(bool compressed) {
  const Limits& limits = loop_.limits();
  reader_ = std::make_unique<wire::MessageReader>(
      wire::MessageReader::Role::kServer,
      wire::MessageLimits{limits.websocket_message, limits.websocket_fragments});
  if (compressed) {
    reader_->take_compressed();
  }
}

// ---- Ends

void Connection::finish() {
  if (phase_ == Phase::kClosed) {
    return;
  }
  leave();
  phase_ = Phase::kClosing;
  half_close_ = true;
  if (!outbox_empty()) {
    arm(Wheel::ticks(loop_.limits().write_stall));
  } else if (peer_done_) {
    close();
  } else if (!shut_) {
    ::shutdown(descriptor_, SHUT_WR);
    shut_ = true;
    arm(Wheel::ticks(loop_.limits().linger));
  }
}

void Connection::await_goodbye(std::chrono::milliseconds longest) {
  if (phase_ == Phase::kClosed) {
    return;
  }
  leave();
  phase_ = Phase::kClosing;
  arm(Wheel::ticks(longest));
}

void Connection::close() {
  if (phase_ == Phase::kClosed) {
    return;
  }
  leave();
  phase_ = Phase::kClosed;
  loop_.wheel.disarm(*this);
  loop_.reactor().forget(watch_);
  ::close(descriptor_);
  loop_.on_closed(*this);
  // Somebody up the stack may still hold this object: it goes with a handler, never here.
  if (pending_ == 0) {
    resume_later();
  }
}

void Connection::handler_done() {
  --pending_;
  if (phase_ == Phase::kClosed && pending_ == 0) {
    loop_.release(*this);
  }
}

void Connection::on_deadline() {
  Metrics& metrics = loop_.metrics;
  if (phase_ == Phase::kStream || !outbox_empty()) {
    look_for_progress();
  }
  if (cut_stalled()) {
    return;
  }
  switch (phase_) {
    case Phase::kHead:
      if (!outbox_empty()) {
        arm_stall();
      } else if (head_started_) {
        metrics.count(Trouble::kHeadTimeout);
        terms_ = {.endpoint = kOtherEndpoint};
        refuse_and_close({408, "The head of the request took too long.", ""});
      } else {
        metrics.count(Trouble::kIdleTimeout);
        close();
      }
      return;
    case Phase::kBody:
      metrics.count(Trouble::kBodyTimeout);
      refuse_and_close({408, "The body of the request took too long.", ""});
      return;
    case Phase::kHeld:
    case Phase::kStream:
      watch_peer();
      if (phase_ != Phase::kClosed && strategy_->on_deadline != nullptr) {
        strategy_->on_deadline(*this);
      }
      if (phase_ == Phase::kStream && !outbox_empty()) {
        arm_stall();
      }
      return;
    case Phase::kClosing:
      if (half_close_ && !outbox_empty()) {
        arm_stall();
      } else {
        close();
      }
      return;
    case Phase::kClosed: return;
  }
}

void Connection::on_stop() {
  switch (phase_) {
    case Phase::kHead:
      if (outbox_empty() && nothing_came()) {
        close();
      }
      return;
    case Phase::kHeld:
    case Phase::kStream:
      terms_.keep_alive = false;
      strategy_->on_stop(*this);
      return;
    case Phase::kBody: terms_.keep_alive = false; return;
    case Phase::kClosing:
    case Phase::kClosed: return;
  }
}

}  // namespace pushbench::servers
