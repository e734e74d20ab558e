#include "harness/transport/upstream.h"

#include "harness/base/check.h"
#include "harness/transport/exchange.h"

#include <boost/asio/error.hpp>

namespace pushbench::transport {
namespace {

// An answer that only has to be there: its body says nothing.
class PostAnswer final : public AnswerHandler {
 public:
  error_code on_head(const wire::ResponseHead& head) override {
    return head.status >= 200 && head.status < 300 ? error_code() : Errc::kBadStatus;
  }
  error_code on_piece(std::string_view, Found&) override { return {}; }
  error_code on_end() override { return {}; }
  bool between_events() const noexcept override { return true; }
};

}  // namespace

Task<error_code> HttpUpstream::post(std::string_view event, TimePoint due) {
  if (!reusable()) {
    const error_code failed = co_await open(subscription_.source());
    if (failed || stopping) {
      co_return failed;
    }
  }
  set_deadline(shared.time.now() + shared.limits.answer_timeout);
  std::string& out = shared.scratch;
  out.clear();
  const Endpoint& to = shared.endpoint;
  shared.dialect.append_publish(out, to.host, to.prefix, subscription_.topic, event, true);
  const std::uint64_t size = out.size();
  error_code ec = co_await send_scratch(event.size());
  if (!ec) {
    sink.on_upstream_sent({.head = size - event.size(), .framing = 0, .payload = event.size()});
  }
  PostAnswer answer;
  AnswerReader reader(answer);
  while (!ec && !stopping && !reader.complete()) {
    ec = co_await stream.readable();
    if (!ec && !stopping) {
      ec = reader.pump(*this);
    }
  }
  if (ec || stopping) {
    co_return finish(ec);
  }
  set_deadline(TimePoint::max());
  sink.on_upstream_acked(received - due, reader.bytes());
  if (!reader.keep_alive()) {
    finish({});
  }
  co_return error_code();
}

Task<error_code> HttpUpstream::send(std::string_view event, TimePoint due) {
  PUSHBENCH_CHECK(!busy_);
  if (stopping) {
    co_return error_code();
  }
  busy_ = true;
  const error_code ec = co_await post(event, due);
  busy_ = false;
  co_return ec;
}

void HttpUpstream::stop() {
  stopping = true;
  if (busy_) {
    hang_up();
  } else {
    finish({});
  }
}

}  // namespace pushbench::transport
