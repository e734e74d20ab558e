#include "harness/swarm/lock_step_publisher.h"

#include "harness/transport/exchange.h"

#include <boost/asio/error.hpp>

namespace pushbench::swarm {

LockStepPublisher::LockStepPublisher(asio::io_context& context,
                                     const transport::Endpoint& endpoint,
                                     const transport::Dialect& dialect)
    : endpoint_(endpoint), dialect_(dialect), stream_(context), buffer_(kBuffer) {}

Task<error_code> LockStepPublisher::connect() {
  co_return co_await stream_.connect(endpoint_, asio::ip::address());
}

Task<error_code> LockStepPublisher::publish(std::string_view topic, std::string_view event) {
  request_.clear();
  dialect_.append_publish(request_, endpoint_.host, endpoint_.prefix, topic, event, false);
  error_code ec = co_await stream_.write(request_);
  if (!ec) {
    ec = co_await read_answer();
  }
  co_return ec;
}

Task<error_code> LockStepPublisher::read_answer() {
  transport::HeadReader heads;
  wire::BodyReader body;
  bool in_body = false;
  for (;;) {
    error_code ec = co_await stream_.readable();
    const std::size_t size = ec ? 0 : stream_.read_some(buffer_, ec);
    if (ec == asio::error::would_block) {
      continue;
    }
    if (ec) {
      co_return ec;
    }
    std::string_view input(buffer_.data(), size);
    wire::ResponseHead head;
    std::uint64_t bytes = 0;
    if (!in_body) {
      if (heads.next(input, head, bytes) != wire::Parsed::kItem) {
        if (heads.error()) {
          co_return heads.error();
        }
        continue;
      }
      if (head.status < 200 || head.status > 299) {
        co_return Errc::kBadStatus;
      }
      in_body = true;
      body = wire::BodyReader(head.body);
    }
    wire::Parsed parsed = wire::Parsed::kItem;
    for (std::string_view piece; parsed == wire::Parsed::kItem;) {
      parsed = body.next(input, piece);
    }
    if (parsed != wire::Parsed::kNeedMore) {
      co_return parsed == wire::Parsed::kEnd ? error_code() : make_error_code(Errc::kBadChunk);
    }
  }
}

}  // namespace pushbench::swarm
