// Streaming: one request, one answer without an end, in one of two encodings: event lines in
// chunks, or Server-Sent Events. An answer that ends well is the server going away; one that is cut
// resumes behind the last event that arrived.
#include "harness/transport/exchange.h"
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
  explicit StreamAnswer(Subscription& subscription)
      : subscription_(subscription), events_(subscription) {}

  error_code on_head(const wire::ResponseHead& head) override {
    const Shared& shared = subscription_.shared;
    if (head.status != 200) {
      return Errc::kBadStatus;
    }
    if (!shared.dialect.carries_events(shared.strategy, head)) {
      return Errc::kBadEvent;
    }
    subscription_.take_stream_head(shared.dialect.cursor_of(head));
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
  Subscription& subscription_;
  Events events_;
};

// Apart, so that an idle client's frame holds nothing of it.
Task<error_code> ask_for_stream(Subscription& s) {
  error_code ec = co_await s.open(s.source);
  if (ec || s.stopping) {
    co_return ec;
  }
  write_request(s);
  ec = co_await s.send_scratch(0);
  if (!ec) {
    tell_request(s);
  }
  co_return ec;
}

template <class Events>
Task<error_code> subscribe_to(Subscription& s) {
  s.subscribed = false;
  if (s.stopping) {
    co_return error_code();
  }
  StreamAnswer<Events> answer(s);
  AnswerReader reader(answer);
  error_code ec = co_await ask_for_stream(s);
  const auto step = [&] {
    ec = reader.pump(s);
    if (s.subscribed) {
      s.set_deadline(s.received + s.shared.limits.silence_timeout);
    }
    return !ec && !s.stopping;
  };
  while (!ec && !s.stopping) {
    if (s.stream.is_drained()) {
      const auto [waited] = co_await s.stream.each(step);
      ec = ec ? ec : s.stream.ended(waited);
      continue;
    }
    ec = co_await s.stream.readable();
    if (!ec && !s.stopping) {
      step();
    }
  }
  co_return s.finish(ec);
}

}  // namespace

Task<error_code> subscribe_streaming(Subscription& s) {
  return s.shared.strategy.encoding == "sse" ? subscribe_to<SseEvents>(s)
                                             : subscribe_to<LineEvents>(s);
}

}  // namespace pushbench::transport
