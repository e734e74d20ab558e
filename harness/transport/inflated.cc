#include "harness/transport/inflated.h"

#include "harness/wire/http_syntax.h"

#include <utility>

namespace pushbench::transport {

error_code GzipBody::begin(const wire::ResponseHead& head) {
  constexpr int kWithEvents = 200;
  const std::string_view coding = head.content_encoding;
  if (wire::same_word(coding, "gzip") || wire::same_word(coding, "x-gzip")) {
    reader_ = std::make_unique<wire::GzipReader>();
    return {};
  }
  untold_ = head.status == kWithEvents;
  return coding.empty() || wire::same_word(coding, "identity") ? error_code() : Errc::kBadEvent;
}

error_code GzipBody::inflate(std::string_view piece,
                             Found& found,
                             AnswerHandler& to,
                             std::uint64_t& text) {
  TimeSource& time = subscription_.shared.time;
  for (;;) {
    const TimePoint before = time.now();
    std::string_view part;
    const wire::Parsed parsed = reader_->next(piece, part);
    subscription_.received += time.now() - before;
    if (parsed == wire::Parsed::kError || (parsed == wire::Parsed::kEnd && !piece.empty())) {
      return Errc::kBadEvent;
    }
    if (parsed != wire::Parsed::kItem) {
      return {};
    }
    text += part.size();
    const error_code ec = to.on_piece(part, found);
    if (ec) {
      return ec;
    }
  }
}

error_code GzipBody::pass(std::string_view piece, Found& found, AnswerHandler& to) {
  if (reader_ == nullptr) {
    found.spelling.uncompressed += std::exchange(untold_, false) ? 1U : 0U;
    return to.on_piece(piece, found);
  }
  const std::uint64_t payload = found.bytes.payload;
  const std::uint64_t heartbeats = found.spelling.heartbeat_bytes;
  std::uint64_t text = 0;
  const error_code ec = inflate(piece, found, to, text);
  const std::uint64_t blocks = piece.size() - reader_->take_framing();
  found.spelling.event_text += found.bytes.payload - payload;
  const bool comments = text > 0 && found.spelling.heartbeat_bytes - heartbeats == text;
  if (comments) {
    found.spelling.heartbeat_bytes = heartbeats + piece.size();
  }
  found.bytes.payload = payload + (comments ? 0 : blocks);
  return ec;
}

error_code GzipBody::end() const {
  return reader_ != nullptr && whole_ && !reader_->whole() ? Errc::kTruncated : error_code();
}

}  // namespace pushbench::transport
