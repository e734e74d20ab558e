// Long-polling: the next question follows its answer at once, the server holds it until there is
// something to say. The first question of a subscription without a cursor is one that is answered
// at once (the dialect spells it), so that the place in the topic is known from then on: all that
// is published behind on_subscribed() is delivered.
#include "harness/transport/conversation.h"
#include "harness/transport/exchange.h"
#include "harness/transport/inflated.h"
#include "harness/transport/strategies.h"

namespace pushbench::transport {
namespace {

template <class Answer>
class HeldPoll final : public Talk {
 public:
  explicit HeldPoll(Subscription& s) : Talk(s), answer_(s), reader_(answer_) {}

  Task<error_code> ask() {
    Subscription& s = subscription();
    const Nanos hold = s.cursor.seq ? s.shared.strategy.hold : Nanos::zero();
    return transport::ask(s,
                          {.patience = s.shared.limits.answer_timeout + hold, .websocket_key = {}});
  }
  error_code pump() { return reader_.pump(subscription()); }
  bool answered() const noexcept { return reader_.complete(); }
  void end(bool answered) {
    if (!answered) {
      return;
    }
    answer_.tell(reader_);
    if (!reader_.keep_alive()) {
      subscription().finish({});
    }
  }

 private:
  Answer answer_;
  AnswerReader reader_;
};

}  // namespace

Task<error_code> subscribe_long_polling(Subscription& s) {
  return s.shared.strategy.compresses() ? converse<HeldPoll<Inflated<PollAnswer>>>(s)
                                        : converse<HeldPoll<PollAnswer>>(s);
}

}  // namespace pushbench::transport
