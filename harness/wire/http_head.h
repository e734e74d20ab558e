// HTTP/1.1 message heads, RFC 9112, for both ends. Plain requests go the short way of plain_head.h.
// For all else tokenising is Boost.Beast's (basic_parser with handlers of ours, so that a head
// costs no allocation); behind it stands one strict framing check, because a message whose length
// is in doubt must not be trusted: see strict_request and strict_response in the source. A head is
// parsed when all of it is there, but what cannot become one is refused as soon as that shows;
// views point into the bytes it was parsed from.
#pragma once

#include "harness/base/error.h"
#include "harness/wire/chunk.h"
#include "harness/wire/http_syntax.h"
#include "harness/wire/parsed.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pushbench::wire {

inline constexpr std::size_t kMaxRequestLine = std::size_t{8} * 1024;
inline constexpr std::size_t kMaxHead = std::size_t{16} * 1024;
inline constexpr std::size_t kMaxHeadFields = 100;

// How the body behind a head is delimited, RFC 9112 section 6.3.
struct BodyFraming {
  bool chunked = false;
  bool until_close = false;             // responses only
  std::optional<std::uint64_t> length;  // 0 when there is no body
};

struct RequestHead {
  std::string_view method;
  std::string_view target;  // as sent
  std::string_view host;
  std::string_view origin;
  bool has_origin = false;
  std::string_view if_none_match;
  std::string_view last_event_id;
  std::string_view content_type;
  std::string_view authorization;
  std::string_view websocket_key;
  std::string_view websocket_version;
  std::string_view websocket_extensions;  // of several fields the last, as of accept_encoding
  std::string_view accept_encoding;
  bool upgrade_websocket = false;  // Upgrade lists "websocket" and Connection lists "upgrade"
  bool expect_continue = false;
  bool keep_alive = true;
  bool http10 = false;
  BodyFraming body;
  std::size_t size = 0;  // bytes of the head, the empty line included
  // What to answer when the head was refused (kError): 400, 414, 431, 417, 501 or 505.
  int refuse_status = 400;
  std::string_view refuse_reason;  // one clause for the answer's body; a literal
};

struct ResponseHead {
  int status = 0;
  bool keep_alive = true;
  std::string_view etag;
  std::string_view pushbench_seq;
  std::string_view content_type;
  std::string_view websocket_accept;
  std::string_view location;
  std::string_view retry_after;
  std::string_view content_encoding;
  std::string_view websocket_extensions;
  bool upgrade_websocket = false;
  BodyFraming body;
  std::size_t size = 0;
};

// kNeedMore: the head is not complete, nothing consumed (and `input` is under every limit). kItem:
// head filled, `input` moved past it. kError: refuse.
Parsed parse_request_head(std::string_view& input, RequestHead& head) noexcept;
// Who asked with HEAD ignores `body`. 1xx other than 101 are skipped by the caller: status says so.
Parsed parse_response_head(std::string_view& input, ResponseHead& head) noexcept;

// Reads a body as its head says. kItem: a piece of body; kEnd: the body is complete (at once when
// empty).
class BodyReader {
 public:
  BodyReader() = default;
  explicit BodyReader(const BodyFraming& framing) noexcept;
  Parsed next(std::string_view& input, std::string_view& data) noexcept;
  // The peer closed: true when that ends the body well (until_close, or already ended).
  bool closed_well() const noexcept;
  error_code error() const noexcept { return chunks_.error(); }
  // As ChunkDecoder's; 0 where the body is not chunked.
  std::uint8_t take_size_digits() noexcept { return chunks_.take_size_digits(); }

 private:
  ChunkDecoder chunks_;
  std::uint64_t left_ = 0;
  enum class Kind : std::uint8_t { kEnded, kLength, kChunked, kUntilClose } kind_ = Kind::kEnded;
};

}  // namespace pushbench::wire
