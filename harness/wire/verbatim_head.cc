#include "harness/wire/verbatim_head.h"

#include "harness/wire/http_head.h"

#include <algorithm>

namespace pushbench::wire {
namespace {

// A carriage return that ends no line is left where it is, for the parser to refuse.
VerbatimHead restore_lines(std::string_view text) {
  VerbatimHead out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.empty() && text.empty()) {
      break;
    }
    out.characters += line.size();
    out.bytes.append(line).append("\r\n");
  }
  out.bytes += "\r\n";
  return out;
}

Result<VerbatimHead> checked_size(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return usage("holds a NUL byte, which no head may");
  }
  // What restoring adds is at most a byte for each.
  if (text.size() > kMaxHead) {
    return usage("is longer than 16 KiB");
  }
  VerbatimHead out = restore_lines(text);
  return out.bytes.size() <= kMaxHead ? Result<VerbatimHead>(std::move(out))
                                      : Result<VerbatimHead>(usage("is longer than 16 KiB"));
}

}  // namespace

Result<VerbatimHead> verbatim_request(std::string_view text) {
  auto out = checked_size(text);
  if (!out) {
    return out;
  }
  RequestHead head;
  std::string_view rest = out->bytes;
  const bool whole = parse_request_head(rest, head) == Parsed::kItem && rest.empty();
  if (!whole) {
    return usage(
        "is not one HTTP/1.1 request head; expected a line such as GET /path HTTP/1.1, "
        "then fields, Host among them");
  }
  const bool plain = head.method == "GET" && !head.body.chunked &&
                     head.body.length.value_or(0) == 0 && head.keep_alive &&
                     !head.expect_continue && !head.upgrade_websocket;
  if (!plain) {
    return usage("is not a GET that keeps its connection and has no body");
  }
  out->target = head.target;
  return out;
}

Result<VerbatimHead> verbatim_response(std::string_view text) {
  auto out = checked_size(text);
  if (!out) {
    return out;
  }
  ResponseHead head;
  std::string_view rest = out->bytes;
  const bool whole = parse_response_head(rest, head) == Parsed::kItem && rest.empty();
  if (!whole || head.status != 200) {
    return usage("is not one HTTP/1.1 response head with status 200");
  }
  const std::uint64_t length = head.body.length.value_or(0);
  if (head.body.chunked || head.body.until_close || length == 0 || length > kMaxReplayedBody ||
      !head.keep_alive) {
    return usage("needs a Content-Length of 1 to 1048576 and a connection that stays open");
  }
  out->length = static_cast<std::uint32_t>(length);
  return out;
}

}  // namespace pushbench::wire
