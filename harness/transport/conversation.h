// What all strategies but polling have in common: a question, and a connection that is listened to
// for as long as the strategy has it. One coroutine, made for each strategy's way to talk, so that
// an idle client holds the frame of one and no more: what comes is a call (Stream::each), and what
// only asking needs is apart and gone by then. Threads: the worker's.
#pragma once

#include "harness/transport/transport.h"

#include <optional>
#include <string_view>

namespace pushbench::transport {

struct Question {
  std::optional<Nanos> patience;   // with the answer; none: the deadline of the connect goes on
  std::string_view websocket_key;  // of an upgrade, until it was sent
};

// Connects where there is no connection, sends the request of the subscription's strategy at its
// cursor, and tells the sink.
Task<error_code> ask(Subscription& subscription, Question question);

// How a strategy talks, and what most of them leave at this. Made anew for each question.
class Talk {
 public:
  explicit Talk(Subscription& subscription) : subscription_(subscription) {}
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;

  // Beside these: error_code pump(), which takes what has come.
  Task<error_code> ask() { return transport::ask(subscription_, {}); }
  static constexpr bool answered() noexcept { return false; }    // another question follows
  static constexpr bool owes_bytes() noexcept { return false; }  // waits for room to write as well
  Task<error_code> wait() { return subscription_.stream.readable(); }
  // Before the connection is closed, or before the next question when it was answered.
  void end(bool /*answered*/) {}

 protected:
  ~Talk() = default;
  Subscription& subscription() const noexcept { return subscription_; }

 private:
  Subscription& subscription_;
};

// What has come is taken by one of these, which has all that it reads in one place.
template <class Way>
struct Pump {
  explicit Pump(Subscription& s) : subscription(s), talk(s) {}
  // Whether the next bytes are for this one as well.
  bool operator()() {
    ec = talk.pump();
    return !ec && !subscription.stopping && !talk.answered() && !talk.owes_bytes();
  }

  Subscription& subscription;
  Way talk;
  error_code ec;
};

// The subscribe() of a strategy (transport.h).
template <class Way>
Task<error_code> converse(Subscription& s) {
  s.subscribed = false;
  while (!s.stopping) {
    Pump<Way> pump(s);
    pump.ec = co_await pump.talk.ask();
    while (!pump.ec && !s.stopping && !pump.talk.answered()) {
      if (s.stream.is_drained() && !pump.talk.owes_bytes()) {
        const auto [waited] = co_await s.stream.each(pump);
        pump.ec = pump.ec ? pump.ec : s.stream.ended(waited);
        continue;
      }
      pump.ec = co_await pump.talk.wait();
      if (!pump.ec && !s.stopping) {
        pump();
      }
    }
    const bool answered = !pump.ec && !s.stopping;
    pump.talk.end(answered);
    if (!answered) {
      co_return s.finish(pump.ec);
    }
  }
  co_return s.finish({});
}

}  // namespace pushbench::transport
