// The named classes into which every failure of a connection or request falls. Accounting is by
// class, so that "opened = closed well + closed by a named fault + open at the end" can be checked.
// Names are stable: they are keys in result.json.
#pragma once

#include "harness/base/error.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace pushbench {

enum class Fault {
  kRefused,        // ECONNREFUSED
  kReset,          // ECONNRESET, EPIPE
  kClosed,         // end of stream where a message was due or in its middle
  kTimeout,        // a deadline of ours or of the kernel passed
  kNoPorts,        // EADDRNOTAVAIL: ephemeral ports used up
  kNoDescriptors,  // EMFILE, ENFILE
  kUnreachable,    // ENETUNREACH, EHOSTUNREACH
  kTls,
  kHttpStatus,
  kBadHead,   // head or chunk framing
  kBadFrame,  // WebSocket framing or text
  kBadEvent,  // body that the dialect cannot read
  kLimit,     // one of our named limits
  kPolicy,    // refused by the peer
  kOther,
};
inline constexpr std::size_t kFaultCount = static_cast<std::size_t>(Fault::kOther) + 1;

std::string_view fault_name(Fault fault) noexcept;
// For a sentence such as "most of them: an HTTP status that is no success".
std::string_view fault_words(Fault fault) noexcept;
Fault fault_of(const error_code& ec) noexcept;

}  // namespace pushbench
