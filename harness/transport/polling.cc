// Polling: ask, read the answer, sleep until the next start of a fixed schedule. Start to start, so
// that the interval does not stretch with the server's answer time; a start that falls due while an
// answer is outstanding is skipped and counted, never made up for. Without an interval the answer
// is what starts the next.
#include "harness/transport/exchange.h"
#include "harness/transport/inflated.h"
#include "harness/transport/replay.h"
#include "harness/transport/strategies.h"

namespace pushbench::transport {
namespace {

// The next start after now. Starts that have passed meanwhile are skipped.
TimePoint next_start(Subscription& s) {
  const TimePoint now = s.shared.time.now();
  for (;;) {
    const TimePoint start = s.polls->from + s.polls->schedule.next();
    if (start > now) {
      return start;
    }
    s.sink.on_skipped_poll();
  }
}

template <class Answer>
Task<error_code> poll_once(Subscription& s) {
  if (!s.reusable()) {
    const error_code failed = co_await s.open(s.source());
    if (failed || s.stopping) {
      co_return failed;
    }
  }
  // The same patience with a new connection and a kept one: cells differ in nothing else.
  s.set_deadline(s.shared.time.now() + s.shared.limits.answer_timeout);
  write_request(s);
  Answer answer(s);
  AnswerReader reader(answer);
  error_code ec = co_await s.send_scratch(0);
  if (!ec) {
    tell_request(s);
  }
  while (!ec && !reader.complete()) {
    ec = co_await s.stream.readable();
    if (!ec && !s.stopping) {
      ec = reader.pump(s);
    }
    if (s.stopping) {
      break;
    }
  }
  if (ec || s.stopping) {
    co_return s.finish(ec);
  }
  answer.tell(reader);
  s.set_deadline(TimePoint::max());
  if (s.shared.strategy.new_connection || !reader.keep_alive()) {
    s.finish({});
  }
  co_return error_code();
}

}  // namespace

Task<error_code> subscribe_polling(Subscription& s) {
  s.subscribed = false;
  Subscription::Polls& polls = *s.polls;
  const bool back = polls.from != TimePoint();
  if (!back) {
    polls.from = s.shared.time.now();
  }
  if (!polls.sleeper) {
    polls.sleeper = s.shared.time.make_sleeper();
  }
  const bool at_once = s.shared.strategy.polls_at_once();
  // After a cut the schedule goes on; asking at once would favour it.
  if (back && s.cursor.seq && !at_once) {
    const TimePoint start = next_start(s);
    co_await polls.sleeper->until(start);
  }
  while (!s.stopping) {
    error_code ec;
    if (s.shared.strategy.replays()) {
      ec = co_await poll_once<ReplayedAnswer>(s);
    } else if (s.shared.strategy.compresses()) {
      ec = co_await poll_once<Inflated<PollAnswer>>(s);
    } else {
      ec = co_await poll_once<PollAnswer>(s);
    }
    if (ec) {
      co_return ec;
    }
    if (!s.stopping && !at_once) {
      const TimePoint start = next_start(s);
      co_await polls.sleeper->until(start);
    }
  }
  co_return s.finish({});
}

}  // namespace pushbench::transport
