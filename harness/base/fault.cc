#include "harness/base/fault.h"

#include <boost/asio/error.hpp>

#include <cerrno>

namespace pushbench {
namespace {

constexpr std::array<std::string_view, kFaultCount> kNames{
    "refused",        "reset",       "closed", "timeout", "no_ports",
    "no_descriptors", "unreachable", "tls",    "status",  "bad_head",
    "bad_frame",      "bad_event",   "limit",  "policy",  "other"};

constexpr std::array<std::string_view, kFaultCount> kWords{
    "a refused connection",
    "a connection that the peer reset",
    "a connection closed where an answer was due",
    "a deadline that passed",
    "no free local port",
    "no free descriptor",
    "a host that cannot be reached",
    "a failed TLS handshake",
    "an HTTP status that is no success",
    "a malformed HTTP head or chunk",
    "a malformed WebSocket frame",
    "a body that holds no event",
    "a limit of pushbench that was reached",
    "a refusal by the peer's policy",
    "another fault"};

Fault of_ours(Errc code) noexcept {
  switch (code) {
    case Errc::kBadStatus: return Fault::kHttpStatus;
    case Errc::kBadHead:
    case Errc::kBadChunk: return Fault::kBadHead;
    case Errc::kBadFrame:
    case Errc::kBadText: return Fault::kBadFrame;
    case Errc::kBadEvent: return Fault::kBadEvent;
    case Errc::kTruncated: return Fault::kClosed;
    case Errc::kTimeout: return Fault::kTimeout;
    case Errc::kLimit: return Fault::kLimit;
    case Errc::kPolicy: return Fault::kPolicy;
    case Errc::kGap:
    case Errc::kGoingAway: return Fault::kOther;
  }
  return Fault::kOther;
}

Fault of_errno(int value) noexcept {
  switch (value) {
    case ECONNREFUSED: return Fault::kRefused;
    case ECONNRESET:
    case EPIPE: return Fault::kReset;
    case ETIMEDOUT: return Fault::kTimeout;
    case EADDRNOTAVAIL: return Fault::kNoPorts;
    case EMFILE:
    case ENFILE: return Fault::kNoDescriptors;
    case ENETUNREACH:
    case EHOSTUNREACH: return Fault::kUnreachable;
    default: return Fault::kOther;
  }
}

}  // namespace

std::string_view fault_name(Fault fault) noexcept {
  return kNames[static_cast<std::size_t>(fault)];
}

std::string_view fault_words(Fault fault) noexcept {
  return kWords[static_cast<std::size_t>(fault)];
}

Fault fault_of(const error_code& ec) noexcept {
  if (ec.category() == pushbench_category()) {
    return of_ours(static_cast<Errc>(ec.value()));
  }
  if (ec == boost::asio::error::eof) {
    return Fault::kClosed;
  }
  if (ec.category() == boost::system::system_category() ||
      ec.category() == boost::system::generic_category()) {
    return of_errno(ec.value());
  }
  return Fault::kOther;
}

}  // namespace pushbench
