// HTTP heads out of text files, to be sent as they stand: lines end in LF or CRLF in the file and
// in CRLF on the wire, the empty line at the end may be missing. What is not a head that both ends
// can trust is refused with one sentence: a request must be a GET without a body, an answer a 200
// with a Content-Length and a connection that stays. At most kMaxHead bytes. Pure.
#pragma once

#include "harness/base/error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::wire {

inline constexpr std::uint32_t kMaxReplayedBody = 1024 * 1024;

struct VerbatimHead {
  std::string bytes;
  std::string target;          // of a request
  std::uint32_t length = 0;    // of the body behind an answer
  std::size_t characters = 0;  // without line ends: what an editor counts
};

Result<VerbatimHead> verbatim_request(std::string_view text);
Result<VerbatimHead> verbatim_response(std::string_view text);

}  // namespace pushbench::wire
