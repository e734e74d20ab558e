// Streaming: one request, one answer without an end, in one of two encodings: event lines in
// chunks, or Server-Sent Events. An answer that ends well is the server going away; one that is cut
// resumes behind the last event that arrived.
#include "harness/transport/conversation.h"
#include "harness/transport/exchange.h"
#include "harness/transport/inflated.h"
#include "harness/transport/strategies.h"
#include "harness/wire/sse.h"

namespace pushbench::transport {
namespace {

class SseEvents {
 public:
  explicit SseEvents(Subscription& subscription) : subscription_(subscription) {}

  error_code feed(std::string_view piece, Found& found) {
    between_ = piece.ends_with("\n\n");
    wire::SseEvent event;
    for (;;) {
      switch (parser_.next(piece, event)) {
        case wire::Parsed::kItem: {
          const error_code ec = take(event, found);
          if (ec) {
            return ec;
          }
          between_ = between_ || piece.empty();
          break;
        }
        case wire::Parsed::kError: return parser_.error();
        case wire::Parsed::kNeedMore:
        case wire::Parsed::kEnd: {
          const auto comments = parser_.take_comments();
          found.spelling.heartbeats += comments.blocks;
          found.spelling.heartbeat_bytes += comments.bytes;
          return {};
        }
      }
    }
  }
  // Cautious: a comment in pieces counts as half an event until the next event ends.
  bool between_events() const noexcept { return between_; }
  Subscription& subscription() const noexcept { return subscription_; }

 private:
  error_code take(const wire::SseEvent& event, Found& found) {
    if (event.mended) {  // an event is text; and its size would not be that of the bytes that came
      return Errc::kBadEvent;
    }
    const Unwrapped unwrapped =
        subscription_.shared.dialect.unwrap_sse(event.type, event.data, event.id);
    return deliver(subscription_, unwrapped, found);
  }

  Subscription& subscription_;
  wire::SseParser parser_;
  bool between_ = true;
};

template <class Events>
class StreamAnswer final : public AnswerHandler {
 public:
  static constexpr bool kEndsWhole = false;
  explicit StreamAnswer(Subscription& s) : events_(s) {}

  error_code on_head(const wire::ResponseHead& head) override {
    Subscription& s = events_.subscription();
    const Shared& shared = s.shared;
    if (head.status != 200) {
      return Errc::kBadStatus;
    }
    if (!shared.dialect.carries_events(shared.strategy, head)) {
      return Errc::kBadEvent;
    }
    s.take_stream_head(shared.dialect.cursor_of(head));
    return {};
  }
  error_code on_piece(std::string_view piece, Found& found) override {
    return events_.feed(piece, found);
  }
  error_code on_end() override {
    return events_.between_events() ? Errc::kGoingAway : Errc::kTruncated;
  }
  bool between_events() const noexcept override { return events_.between_events(); }

 private:
  Events events_;
};

template <class Answer>
class EndlessTalk final : public Talk {
 public:
  explicit EndlessTalk(Subscription& s) : Talk(s), answer_(s), reader_(answer_) {}

  error_code pump() {
    Subscription& s = subscription();
    const error_code ec = reader_.pump(s);
    if (s.subscribed) {
      s.set_deadline(s.received + s.shared.limits.silence_timeout);
    }
    return ec;
  }

 private:
  Answer answer_;
  AnswerReader reader_;
};

template <class Events>
Task<error_code> subscribe_to(Subscription& s) {
  return s.shared.strategy.compresses() ? converse<EndlessTalk<Inflated<StreamAnswer<Events>>>>(s)
                                        : converse<EndlessTalk<StreamAnswer<Events>>>(s);
}

}  // namespace

Task<error_code> subscribe_streaming(Subscription& s) {
  return s.shared.strategy.encoding == "sse" ? subscribe_to<SseEvents>(s)
                                             : subscribe_to<LineEvents>(s);
}

}  // namespace pushbench::transport
