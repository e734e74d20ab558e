#include "harness/transport/upgrade.h"

#include "harness/wire/websocket.h"

namespace pushbench::transport {

void Upgrade::write() {
  const std::string key = wire::random_websocket_key();
  expected_accept_ = wire::websocket_accept(key);
  write_request(subscription_, key);
}

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
  if (!head.upgrade_websocket || head.websocket_accept != expected_accept_) {
    return Errc::kBadHead;
  }
  input = input.last(text.size());
  subscription_.ready = true;
  subscription_.take_stream_head(subscription_.shared.dialect.cursor_of(head));
  return {};
}

}  // namespace pushbench::transport
