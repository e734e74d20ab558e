#include "harness/transport/conversation.h"

#include "harness/transport/exchange.h"

namespace pushbench::transport {

Task<error_code> ask(Subscription& s, Question question) {
  if (!s.stream.is_open()) {
    const error_code failed = co_await s.open(s.source());
    if (failed || s.stopping) {
      co_return failed;
    }
  }
  write_request(s, question.websocket_key);
  if (question.patience) {
    s.set_deadline(s.shared.time.now() + *question.patience);
  }
  const error_code ec = co_await s.send_scratch(0);
  if (!ec) {
    tell_request(s);
  }
  co_return ec;
}

}  // namespace pushbench::transport
