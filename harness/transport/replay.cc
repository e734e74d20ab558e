#include "harness/transport/replay.h"

namespace pushbench::transport {

error_code ReplayedAnswer::on_head(const wire::ResponseHead& head) {
  const Shared& shared = subscription_.shared;
  subscription_.set_deadline(subscription_.received + shared.limits.answer_timeout);
  if (head.status != 200) {
    return Errc::kBadStatus;
  }
  if (!head.body.length) {
    return Errc::kBadEvent;
  }
  length_ = *head.body.length;
  return length_ <= shared.limits.max_message ? error_code() : Errc::kLimit;
}

// The payload is known at the last byte: before that nobody can say whether the body is news.
error_code ReplayedAnswer::on_piece(std::string_view piece, Found& found) {
  body_ += piece;
  if (body_.size() < length_) {
    return {};
  }
  complete_ = true;
  const bool first = subscription_.polls->last_replayed.empty();
  const bool news = !first && body_ != subscription_.polls->last_replayed &&
                    body_.find_first_not_of(' ') != std::string::npos;
  subscription_.tell_subscribed();
  if (news) {
    ++events_;
    found.bytes.payload += body_.size();
    subscription_.sink.on_event(body_, subscription_.received);
  }
  subscription_.polls->last_replayed = std::move(body_);
  return {};
}

void ReplayedAnswer::tell(const AnswerReader& reader) {
  subscription_.asked = false;
  subscription_.sink.on_answer({.events = events_,
                                .bytes = subscription_.request_size + reader.bytes().total(),
                                .cursor_digits = 0,
                                .length_digits = decimal_digits(length_)});
}

error_code ReplayedAnswer::on_end() {
  return complete_ ? error_code() : Errc::kBadEvent;
}

}  // namespace pushbench::transport
