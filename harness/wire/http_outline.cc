#include "harness/wire/http_outline.h"

#include "harness/wire/http_head.h"
#include "harness/wire/http_syntax.h"
#include "harness/wire/scan.h"

#include <algorithm>

namespace pushbench::wire {
namespace {

Refusal check_line(std::string_view line, std::size_t index) noexcept {
  if (index == 0) {
    return line.size() > kMaxRequestLine ? Refusal{414, "the request line is over 8 KiB"}
                                         : Refusal{};
  }
  if (line[0] == ' ' || line[0] == '\t') {
    return bad("a folded header line");
  }
  return index > kMaxHeadFields ? Refusal{431, "more than 100 header fields"} : Refusal{};
}

Outline outline(std::string_view input) noexcept {
  Outline found;
  const auto head = input.substr(0, kMaxHead);
  std::size_t at = 0;
  for (std::size_t index = 0;; ++index) {
    const auto rest = head.substr(at);
    const auto size = until_line_end(rest);
    if (size + 1 >= rest.size() && !rest.substr(size).starts_with('\n')) {
      break;  // no line end, or the first half of one
    }
    if (!rest.substr(size).starts_with("\r\n")) {
      found.refusal = bad("a line that does not end in CR LF");
      return found;
    }
    const auto line = rest.substr(0, size);
    at += size + 2;
    if (line.empty()) {
      found.size = at;
      if (index == 0) {
        found.refusal = bad("an empty line before the start line");
      }
      return found;
    }
    if (index == 0) {
      found.first_line = line;
      found.has_first_line = true;
    }
    if ((found.refusal = check_line(line, index))) {
      return found;
    }
  }
  if (!found.has_first_line && head.size() > kMaxRequestLine) {
    found.refusal = {414, "the request line is over 8 KiB"};
  } else if (head.size() >= kMaxHead) {
    found.refusal = {431, "the head is over 16 KiB"};
  }
  return found;
}

Refusal check_request_start(std::string_view input, const Outline& found) noexcept {
  constexpr std::size_t kMaxMethod = 32;
  for (std::size_t at = 0; at < std::min(input.size(), kMaxMethod + 1); ++at) {
    if (input[at] == ' ' && at > 0) {
      break;
    }
    if (!is_token_char(input[at]) || at == kMaxMethod) {
      return bad("the request does not begin with a method");
    }
  }
  if (!found.has_first_line) {
    return {};
  }
  // Exactly two spaces: Beast would blame the version for a third one.
  const auto line = found.first_line;
  const auto last = line.rfind(' ');
  const bool three_parts = std::ranges::count(line, ' ') == 2;
  return three_parts && is_http_version(line.substr(last + 1))
             ? Refusal{}
             : bad("the request line is not METHOD TARGET HTTP/1.1");
}

Refusal check_response_start(std::string_view input) noexcept {
  constexpr std::string_view kProtocol = "HTTP/";
  return kProtocol.starts_with(input.substr(0, kProtocol.size())) ? Refusal{}
                                                                  : bad("not an HTTP response");
}

}  // namespace

Outline outline_request(std::string_view input) noexcept {
  auto found = outline(input);
  if (const auto start = check_request_start(input, found)) {
    found.refusal = start;
  }
  return found;
}

Outline outline_response(std::string_view input) noexcept {
  auto found = outline(input);
  if (const auto start = check_response_start(input)) {
    found.refusal = start;
  }
  return found;
}

}  // namespace pushbench::wire
