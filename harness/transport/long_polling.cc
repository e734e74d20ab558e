// Long-polling: the next question follows its answer at once, the server holds it until there is
// something to say. The first question of a subscription without a cursor is one that is answered
// at once (the dialect spells it), so that the place in the topic is known from then on: all that
// is published behind on_subscribed() is delivered.
#include "harness/transport/exchange.h"
#include "harness/transport/strategies.h"

namespace pushbench::transport {
namespace {

Nanos hold(const Subscription& s) {
  return s.cursor.seq ? s.shared.strategy.hold : Nanos::zero();
}

// Apart, so that a waiting client's frame holds nothing of it.
Task<error_code> ask(Subscription& s) {
  if (!s.stream.is_open()) {
    const error_code failed = co_await s.open(s.source);
    if (failed || s.stopping) {
      co_return failed;
    }
  }
  write_request(s);
  s.set_deadline(s.shared.time.now() + s.shared.limits.answer_timeout + hold(s));
  const error_code ec = co_await s.send_scratch(0);
  if (!ec) {
    tell_request(s);
  }
  co_return ec;
}

}  // namespace

Task<error_code> subscribe_long_polling(Subscription& s) {
  s.subscribed = false;
  while (!s.stopping) {
    PollAnswer answer(s);
    AnswerReader reader(answer);
    error_code ec = co_await ask(s);
    const auto step = [&] {
      ec = reader.pump(s);
      return !ec && !reader.complete() && !s.stopping;
    };
    while (!ec && !reader.complete() && !s.stopping) {
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
    if (ec || s.stopping) {
      co_return s.finish(ec);
    }
    answer.tell(reader);
    if (!reader.keep_alive()) {
      s.finish({});
    }
  }
  co_return s.finish({});
}

}  // namespace pushbench::transport
