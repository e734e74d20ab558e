#include "harness/transport/exchange.h"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace pushbench::transport {
namespace {

using wire::Parsed;

// Anything else is refused at its first byte, so that garbage followed by silence is called
// garbage.
constexpr std::string_view kResponseStart = "HTTP/1.";

bool may_be_response(std::string_view bytes) {
  const std::size_t known = std::min(bytes.size(), kResponseStart.size());
  return bytes.substr(0, known) == kResponseStart.substr(0, known);
}

bool is_interim(int status) {
  return status >= 100 && status < 200 && status != 101;
}

}  // namespace

Parsed HeadReader::refuse(Errc why) noexcept {
  fault_ = why;
  return Parsed::kError;
}

Parsed HeadReader::one(std::string_view& input, wire::ResponseHead& head) {
  if (spent_) {
    carry_.reset();
    spent_ = false;
  }
  const std::size_t carried = carry_ ? carry_->size() : 0;
  if (carried > 0) {
    *carry_ += input.substr(0, wire::kMaxHead + 1 - carried);
  }
  const std::string_view all = carried > 0 ? std::string_view(*carry_) : input;
  std::string_view rest = all;
  const Parsed parsed =
      may_be_response(all) ? wire::parse_response_head(rest, head) : Parsed::kError;
  if (parsed == Parsed::kItem) {
    input.remove_prefix(head.size - carried);
    spent_ = carried > 0;
    return parsed;
  }
  const bool whole = all.substr(0, wire::kMaxHead).find("\r\n\r\n") != std::string_view::npos;
  if (may_be_response(all) && all.size() >= wire::kMaxHead && !whole) {
    return refuse(Errc::kLimit);
  }
  if (parsed != Parsed::kNeedMore) {
    return refuse(Errc::kBadHead);
  }
  if (carried == 0) {
    carry_ = std::make_unique<std::string>(input);
  }
  input = {};
  return parsed;
}

Parsed HeadReader::next(std::string_view& input, wire::ResponseHead& head, std::uint64_t& bytes) {
  while (!input.empty()) {
    started_ = true;
    const Parsed parsed = one(input, head);
    if (parsed != Parsed::kItem) {
      return parsed;
    }
    bytes += head.size;
    if (!is_interim(head.status)) {
      return parsed;
    }
    if (++interim_ > kMaxInterim) {
      return refuse(Errc::kLimit);
    }
  }
  return Parsed::kNeedMore;
}

error_code AnswerReader::pump(Link& link) {
  for (int reads = 0; reads < kMaxReadsPerTurn && !complete_; ++reads) {
    error_code ec;
    const std::span<char> bytes = link.read(ec);
    if (ec) {
      return ec == asio::error::would_block ? error_code()
             : ec == asio::error::eof       ? end_of_stream()
                                            : ec;
    }
    bytes_ += bytes.size();
    std::string_view input(bytes.data(), bytes.size());
    Found found;
    ec = feed(input, found);
    head_bytes_ += static_cast<std::uint32_t>(found.bytes.head);
    link.settle(found, ec || complete_ || (in_body_ && handler_.between_events()));
    if (ec || bytes.size() < link.shared.read_buffer.size()) {
      return ec;
    }
  }
  return {};
}

error_code AnswerReader::feed(std::string_view& input, Found& found) {
  if (!in_body_) {
    wire::ResponseHead head;
    const Parsed parsed = heads_.next(input, head, found.bytes.head);
    if (parsed != Parsed::kItem) {
      return heads_.error();
    }
    in_body_ = true;
    keep_alive_ = head.keep_alive;
    body_ = wire::BodyReader(head.body);
    const error_code refused = handler_.on_head(head);
    heads_.forget();
    if (refused) {
      return refused;
    }
  }
  const error_code ec = feed_body(input, found);
  // Bytes behind the answer: nobody asked for them, and no later answer could be trusted.
  return !ec && complete_ && !input.empty() ? make_error_code(Errc::kBadHead) : ec;
}

error_code AnswerReader::feed_body(std::string_view& input, Found& found) {
  std::string_view piece;
  for (;;) {
    switch (body_.next(input, piece)) {
      case Parsed::kNeedMore: return {};
      case Parsed::kError: return body_.error() ? body_.error() : Errc::kBadChunk;
      case Parsed::kEnd: complete_ = true; return handler_.on_end();
      case Parsed::kItem:
        const error_code ec = feed_piece(piece, found);
        if (ec) {
          return ec;
        }
    }
  }
}

error_code AnswerReader::feed_piece(std::string_view piece, Found& found) {
  constexpr std::uint64_t kCrlfs = 4;  // of a chunk
  Spelling& spelling = found.spelling;
  const std::uint64_t digits = body_.take_size_digits();
  spelling.chunks += digits > 0 ? 1 : 0;
  spelling.chunk_digits += digits;
  const std::uint64_t before = spelling.heartbeat_bytes;
  const error_code ec = handler_.on_piece(piece, found);
  if (digits > 0 && spelling.heartbeat_bytes - before == piece.size()) {
    spelling.heartbeat_bytes += digits + kCrlfs;
  }
  return ec;
}

error_code AnswerReader::end_of_stream() {
  if (!in_body_) {
    return heads_.started() ? make_error_code(Errc::kTruncated) : asio::error::eof;
  }
  if (!body_.closed_well() || !handler_.between_events()) {
    return Errc::kTruncated;
  }
  complete_ = true;
  keep_alive_ = false;
  return handler_.on_end();
}

error_code deliver(Subscription& subscription, const Unwrapped& unwrapped, Found& found) {
  switch (unwrapped.kind) {
    case Unwrapped::Kind::kMalformed: return Errc::kBadEvent;
    case Unwrapped::Kind::kNothing: return {};
    case Unwrapped::Kind::kGap:
      subscription.tell_subscribed();
      subscription.sink.on_gap();
      break;
    case Unwrapped::Kind::kEvent:
      found.bytes.payload += unwrapped.event.size();
      found.spelling.event_digits += unwrapped.digits;
      found.spelling.event_escapes += unwrapped.escapes;
      subscription.tell_subscribed();
      subscription.sink.on_event(unwrapped.event, subscription.received);
      break;
  }
  if (unwrapped.seq) {
    subscription.cursor.seq = unwrapped.seq;
  }
  return {};
}

error_code LineEvents::take(std::string_view line, Found& found) {
  const Shared& shared = subscription_.shared;
  const Unwrapped unwrapped = shared.dialect.unwrap_line(line, shared.scratch);
  events_ += unwrapped.kind == Unwrapped::Kind::kEvent ? 1 : 0;
  gap_ = gap_ || unwrapped.kind == Unwrapped::Kind::kGap;
  return deliver(subscription_, unwrapped, found);
}

error_code LineEvents::feed(std::string_view piece, Found& found) {
  std::string_view line;
  for (;;) {
    switch (lines_.next(piece, line)) {
      case Parsed::kItem: {
        const error_code ec = take(line, found);
        if (ec) {
          return ec;
        }
        break;
      }
      case Parsed::kError: return lines_.error();
      case Parsed::kNeedMore:
      case Parsed::kEnd: return {};
    }
  }
}

error_code PollAnswer::on_head(const wire::ResponseHead& head) {
  Subscription& s = subscription();
  const Shared& shared = s.shared;
  status_ = head.status;
  head_cursor_ = shared.dialect.cursor_of(head);
  length_ = head.body.length.value_or(0);
  s.set_deadline(s.received + shared.limits.answer_timeout);
  switch (head.status) {
    case 200:
      return shared.dialect.carries_events(shared.strategy, head) ? error_code() : Errc::kBadEvent;
    case 204:
    case 304:
    case 410: return {};
    default: return Errc::kBadStatus;
  }
}

error_code PollAnswer::on_piece(std::string_view piece, Found& found) {
  return lines_.feed(piece, found);
}

error_code PollAnswer::on_end() {
  if (!lines_.between_events() || (status_ == 410 && !lines_.gap())) {
    return Errc::kBadEvent;
  }
  Cursor& cursor = subscription().cursor;
  if (!cursor.seq) {
    cursor.seq = head_cursor_;
  }
  if (!cursor.seq) {  // without a place in the topic the next question would miss events
    return Errc::kBadEvent;
  }
  subscription().tell_subscribed();
  return {};
}

void PollAnswer::tell(const AnswerReader& reader) {
  Subscription& s = subscription();
  s.asked = false;
  s.sink.on_answer({.events = lines_.events(),
                    .bytes = s.request_size + reader.bytes().total(),
                    .cursor_digits = head_cursor_ ? decimal_digits(*head_cursor_) : 0,
                    .length_digits = decimal_digits(length_)});
}

void write_request(Subscription& subscription, std::string_view websocket_key) {
  const Shared& shared = subscription.shared;
  shared.scratch = shared.strategy.request_head;  // replayed; empty for all others
  if (!shared.strategy.replays()) {
    shared.dialect.append_request(shared.scratch, shared.endpoint.host, shared.endpoint.prefix,
                                  shared.strategy, subscription.topic, subscription.cursor,
                                  websocket_key);
  }
  subscription.request_size = static_cast<std::uint32_t>(shared.scratch.size());
  subscription.asked = true;
  subscription.sink.on_ask();
}

void tell_request(Subscription& subscription) {
  const auto& seq = subscription.cursor.seq;
  subscription.sink.on_request(seq ? decimal_digits(*seq) : 0);
}

}  // namespace pushbench::transport
