// HTTP answers as they come in, for every strategy: the head, in however many pieces, then the body
// as its head delimits it (RFC 9112 section 6), each piece handed to the strategy's own handler.
// Nothing here waits. Bytes are reported once per read. Memory: a head is carried only while it is
// incomplete, bounded by wire::kMaxHead. Errors: kBadHead, kBadChunk, kTruncated, kLimit, or what
// the handler says.
#pragma once

#include "harness/transport/transport.h"
#include "harness/wire/event_line.h"
#include "harness/wire/http_head.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::transport {

inline constexpr int kMaxInterim = 16;       // 1xx answers before the one that counts
inline constexpr int kMaxReadsPerTurn = 16;  // then other clients of the thread have their turn

// A response head in pieces. Views in a head point into the input or into the carry. 16 bytes, as
// every client holds one.
class HeadReader {
 public:
  // As the parsers of wire: kItem moves `input` behind the head. Interim answers (1xx but 101) are
  // skipped; `bytes` grows by the size of every head read.
  wire::Parsed next(std::string_view& input, wire::ResponseHead& head, std::uint64_t& bytes);
  bool started() const noexcept { return started_; }
  error_code error() const noexcept { return fault_ == Errc{} ? error_code() : error_code(fault_); }
  void forget() noexcept { carry_.reset(); }  // the head that was handed out

 private:
  wire::Parsed one(std::string_view& input, wire::ResponseHead& head);
  wire::Parsed refuse(Errc why) noexcept;

  std::unique_ptr<std::string> carry_;  // never empty
  Errc fault_{};
  std::uint8_t interim_ = 0;
  bool started_ = false;
  bool spent_ = false;  // carry_ holds a head that was handed out
};
static_assert(sizeof(HeadReader) == 16);

// What a strategy does with an answer.
class AnswerHandler {
 public:
  virtual ~AnswerHandler() = default;
  // An error refuses the answer: a status or a type that cannot be used.
  virtual error_code on_head(const wire::ResponseHead& head) = 0;
  // `found` grows by the events' payload and by how they were spelled.
  virtual error_code on_piece(std::string_view piece, Found& found) = 0;
  virtual error_code on_end() = 0;
  // No event lies half read: all bytes so far are accounted for.
  virtual bool between_events() const noexcept = 0;
};

class AnswerReader {
 public:
  explicit AnswerReader(AnswerHandler& handler) : handler_(handler) {}

  // Reads what the link has for it, until the answer is complete, an error, or nothing is left.
  // No error and not complete: wait until the link is readable.
  error_code pump(Link& link);
  bool complete() const noexcept { return complete_; }
  bool keep_alive() const noexcept { return keep_alive_; }
  // Read so far: heads, and everything else as framing.
  wire::ByteTally bytes() const noexcept {
    return {.head = head_bytes_, .framing = bytes_ - head_bytes_, .payload = 0};
  }

 private:
  error_code feed(std::string_view& input, Found& found);
  error_code feed_body(std::string_view& input, Found& found);
  error_code feed_piece(std::string_view piece, Found& found);
  error_code end_of_stream();

  AnswerHandler& handler_;
  HeadReader heads_;
  wire::BodyReader body_;
  std::uint64_t bytes_ = 0;
  std::uint32_t head_bytes_ = 0;  // bounded by kMaxInterim heads of wire::kMaxHead
  bool in_body_ = false;
  bool keep_alive_ = false;
  bool complete_ = false;
};
static_assert(sizeof(AnswerReader) <= 72);

// Event lines to the sink, for poll, long-poll and chunked stream. Moves the cursor event by event,
// so that a cut answer resumes behind the last event that arrived.
class LineEvents {
 public:
  explicit LineEvents(Subscription& subscription) : subscription_(subscription) {}
  error_code feed(std::string_view piece, Found& found);
  bool between_events() const noexcept { return !lines_.mid_line(); }
  std::size_t events() const noexcept { return events_; }
  bool gap() const noexcept { return gap_; }
  Subscription& subscription() const noexcept { return subscription_; }

 private:
  error_code take(std::string_view line, Found& found);

  Subscription& subscription_;
  wire::LineReader lines_;
  std::uint32_t events_ = 0;
  bool gap_ = false;
};
static_assert(sizeof(LineEvents) <= 32);

// One event or gap of any strategy: sink and cursor. Errc::kBadEvent when malformed. `found` grows
// by an event's payload and spelling.
error_code deliver(Subscription& subscription, const Unwrapped& unwrapped, Found& found);

// The answer to a poll: 200 with event lines, 204 or 304 without, 410 with a gap line. The sink
// hears of the subscription at the first event or at the end of a good answer, whichever comes
// first, so that a bad answer never counts as a subscription.
class PollAnswer final : public AnswerHandler {
 public:
  static constexpr bool kEndsWhole = true;  // what is around its body has an end as well
  explicit PollAnswer(Subscription& subscription) : lines_(subscription) {}
  error_code on_head(const wire::ResponseHead& head) override;
  error_code on_piece(std::string_view piece, Found& found) override;
  error_code on_end() override;
  bool between_events() const noexcept override { return lines_.between_events(); }
  // Tells the sink. REQUIRES: `reader`, which fed it, is complete.
  void tell(const AnswerReader& reader);

 private:
  Subscription& subscription() const noexcept { return lines_.subscription(); }

  LineEvents lines_;
  std::optional<std::uint64_t> head_cursor_;
  std::uint64_t length_ = 0;
  int status_ = 0;
};
static_assert(sizeof(PollAnswer) <= 72);

// Puts the request of the subscription's strategy, at its cursor, into shared.scratch, and tells
// the sink that it is about to be sent. tell_request(): and now it was.
void write_request(Subscription& subscription, std::string_view websocket_key = {});
void tell_request(Subscription& subscription);

}  // namespace pushbench::transport
