// The first look at a message head, before it is tokenised: where it ends, whether its lines are
// lines (CR LF, not folded, not too many, not too long), and whether what has come so far can
// become a head at all. Garbage, a TLS handshake and HTTP/0.9 are refused at once instead of by a
// timeout. Limits and statuses: RFC 9112 sections 2.2, 3 and 5.2, RFC 6585 section 5 (431).
#pragma once

#include <cstddef>
#include <string_view>

namespace pushbench::wire {

// A refusal on its way up: a status and one clause (a literal), or nothing.
struct Refusal {
  int status = 0;
  std::string_view reason;
  explicit operator bool() const noexcept { return status != 0; }
};
constexpr Refusal bad(std::string_view reason) noexcept {
  return {400, reason};
}

struct Outline {
  std::size_t size = 0;         // of the whole head; 0 while its end is missing
  std::string_view first_line;  // without CRLF
  bool has_first_line = false;
  Refusal refusal;
};

Outline outline_request(std::string_view input) noexcept;
Outline outline_response(std::string_view input) noexcept;

}  // namespace pushbench::wire
