#include "harness/swarm/publish_connection.h"

#include "harness/wire/http_head.h"

#include <boost/asio/error.hpp>

namespace pushbench::swarm {

PublishConnection::PublishConnection(asio::io_context& context,
                                     TimeSource& time,
                                     const CellPlan& plan,
                                     Outcome& outcome)
    : time_(time), plan_(plan), outcome_(outcome), stream_(context), buffer_(64 * 1024) {}

Task<error_code> PublishConnection::connect() {
  outbox_.clear();
  carry_.clear();
  outbox_taken_ = 0;
  queued_bytes_ = sent_bytes_ = 0;
  sent_events_ = 0;
  deadline_ = time_.now() + kConnectBound;
  const error_code ec = co_await stream_.connect(plan_.endpoint, asio::ip::address());
  deadline_ = TimePoint::max();
  open_ = !ec;
  co_return ec;
}

void PublishConnection::expire_if_late(TimePoint now) noexcept {
  if (deadline_ < now) {
    deadline_ = TimePoint::max();
    stream_.expire();
  }
}

bool PublishConnection::offer(const plan::PlannedEvent& event, std::string_view bytes) {
  if (!open_ || full() || outbox_.size() - outbox_taken_ > kMaxOutbox) {
    return false;
  }
  request_.clear();
  plan_.dialect.append_publish(request_, plan_.endpoint.host, plan_.endpoint.prefix,
                               plan_.topic_name(event.topic), bytes, false);
  outbox_ += request_;
  queued_bytes_ += request_.size();
  unanswered_.push_back({event, queued_bytes_, TimePoint::max()});
  return true;
}

void PublishConnection::flush() {
  if (!open_ || outbox_.empty()) {
    return;
  }
  error_code ec;
  const std::size_t taken = stream_.write_some(std::string_view(outbox_).substr(outbox_taken_), ec);
  if (ec && ec != asio::error::would_block) {
    open_ = false;  // serve() sees the end of the connection and tells what it owes
    return;
  }
  outbox_taken_ += taken;
  sent_bytes_ += taken;
  if (outbox_taken_ == outbox_.size()) {
    outbox_.clear();
    outbox_taken_ = 0;
  } else if (outbox_taken_ > 1024 * 1024) {
    outbox_.erase(0, outbox_taken_);
    outbox_taken_ = 0;
  }
  const TimePoint now = time_.now();
  while (sent_events_ < unanswered_.size() && unanswered_[sent_events_].end <= sent_bytes_) {
    unanswered_[sent_events_].sent = now;
    outcome_.sent(unanswered_[sent_events_].event, now);
    ++sent_events_;
  }
}

Task<void> PublishConnection::drain() {
  draining_ = true;
  while (open_ && !outbox_.empty()) {
    const error_code ec = co_await stream_.writable();
    if (ec) {
      break;
    }
    flush();
  }
  draining_ = false;
}

Task<error_code> PublishConnection::serve() {
  error_code ec;
  while (!ec) {
    ec = co_await stream_.readable();
    if (ec) {
      break;
    }
    const std::size_t got = stream_.read_some(buffer_, ec);
    if (ec == asio::error::would_block) {
      ec.clear();
      continue;
    }
    if (!ec) {
      ec = take_answers({buffer_.data(), got});
    }
  }
  end(ec);
  co_return ec;
}

error_code PublishConnection::take_answers(std::string_view bytes) {
  carry_.append(bytes);
  std::string_view input = carry_;
  for (;;) {
    const std::string_view whole = input;
    wire::ResponseHead head;
    const auto parsed = wire::parse_response_head(input, head);
    if (parsed == wire::Parsed::kError || (parsed == wire::Parsed::kItem && unanswered_.empty())) {
      return Errc::kBadHead;
    }
    wire::BodyReader body(head.body);
    std::string_view piece;
    auto state = wire::Parsed::kNeedMore;
    if (parsed == wire::Parsed::kItem) {
      do {
        state = body.next(input, piece);
      } while (state == wire::Parsed::kItem);
    }
    if (state == wire::Parsed::kError) {
      return Errc::kBadChunk;
    }
    if (state != wire::Parsed::kEnd) {
      carry_.erase(0, carry_.size() - whole.size());
      return carry_.size() > plan_.limits.max_message ? error_code(Errc::kLimit) : error_code();
    }
    finish_front(head.status);
    if (!head.keep_alive) {
      return Errc::kGoingAway;
    }
  }
}

void PublishConnection::finish_front(int status) {
  const Unanswered front = unanswered_.front();
  unanswered_.pop_front();
  const TimePoint now = time_.now();
  if (sent_events_ == 0) {  // answered before its last byte was written: a refusal
    outcome_.cut(front.event);
    return;
  }
  --sent_events_;
  outcome_.answered(front.event, now - front.sent, status);
}

void PublishConnection::end(const error_code&) {
  open_ = false;
  stream_.close();
  for (const auto& waiting : unanswered_) {
    outcome_.cut(waiting.event);
  }
  unanswered_.clear();
  sent_events_ = 0;
}

}  // namespace pushbench::swarm
