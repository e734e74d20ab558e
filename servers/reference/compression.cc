#include "servers/reference/compression.h"

#include "harness/wire/permessage_deflate.h"
#include "servers/reference/loop.h"

namespace pushbench::servers {

bool wants_gzip(const Loop& loop, const wire::RequestHead& head) noexcept {
  return !head.accept_encoding.empty() && loop.options().compression_level > 0 &&
         wire::accepts_coding(head.accept_encoding, "gzip");
}

std::optional<std::string_view> agreed_deflate(const Loop& loop,
                                               const wire::RequestHead& head) noexcept {
  return loop.options().compression_level > 0
             ? wire::answer_to_deflate_offer(head.websocket_extensions)
             : std::nullopt;
}

}  // namespace pushbench::servers
