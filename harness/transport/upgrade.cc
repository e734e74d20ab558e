#include "harness/transport/upgrade.h"

#include "harness/wire/permessage_deflate.h"
#include "harness/wire/websocket.h"

namespace pushbench::transport {

Upgrade::Upgrade(Subscription& subscription)
    : subscription_(subscription), key_(wire::random_websocket_key()) {}

error_code Upgrade::read(std::span<char>& input, Found& found) {
  std::string_view text(input.data(), input.size());
  wire::ResponseHead head;
  const wire::Parsed parsed = heads_.next(text, head, found.bytes.head);
  if (parsed != wire::Parsed::kItem) {
    return heads_.error();
  }
  if (head.status != 101) {
    return Errc::kBadStatus;
  }
  if (!head.upgrade_websocket || head.websocket_accept != wire::websocket_accept(key_)) {
    return Errc::kBadHead;
  }
  if (subscription_.shared.strategy.compresses()) {
    const auto answer = wire::read_deflate_answer(head.websocket_extensions);
    if (answer == wire::DeflateAnswer::kInvalid) {
      return Errc::kBadHead;
    }
    compressed_ = answer == wire::DeflateAnswer::kAgreed;
    found.spelling.uncompressed += compressed_ ? 0U : 1U;
  }
  input = input.last(text.size());
  subscription_.ready = true;
  subscription_.take_stream_head(subscription_.shared.dialect.cursor_of(head));
  return {};
}

}  // namespace pushbench::transport
