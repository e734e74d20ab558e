// Two of the three kinds of error in this code base (the third is PUSHBENCH_CHECK, for broken
// invariants):
//  - error_code: an expected failure of the network or of a peer. It is a sample that is counted,
//  never an
//    exception and never a log line. Errc holds the ones that are ours: what a peer did wrong.
//  - Result<T>: what a user or the machine got wrong. Failure carries one clear sentence (what,
//  where, what
//    was expected, what to do) and the exit code that the process ends with.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace pushbench {

using boost::system::error_code;

// What a peer can do wrong above TCP. Values are stable: they appear in tests and logs only by
// name.
enum class Errc {
  kBadStatus = 1,  // an HTTP status the strategy cannot use
  kBadHead,        // a message head that is not HTTP/1.1, or one whose framing is in doubt
  kBadChunk,       // chunked transfer coding broken
  kBadFrame,       // WebSocket framing broken (RFC 6455 close code 1002)
  kBadText,        // text that is not UTF-8 (RFC 6455 close code 1007)
  kBadEvent,       // a body that is not what the dialect says
  kTruncated,      // the peer closed in the middle of a message
  kTimeout,        // our own deadline passed
  kLimit,          // one of our named limits was reached
  kGap,            // the server says that its log no longer holds what was asked for
  kGoingAway,      // the peer ended the stream well (last chunk, close 1000 or 1001)
  kPolicy,         // the peer refused us by policy (close 1008, 4xx close codes)
};

const boost::system::error_category& pushbench_category() noexcept;
error_code make_error_code(Errc code) noexcept;

// Exit codes of the command line, in order of precedence when several apply: 128+n, 1, 2, 3, 99,
// 4, 5.
enum class ExitCode : int {
  kOk = 0,
  kCouldNotRun = 1,
  kUsage = 2,
  kNotValid = 3,
  kRegression = 4,
  kInconclusive = 5,
  kThreshold = 99,
};

struct Failure {
  Failure() = default;
  // Both are needed: a Failure that could be made from text alone would make Result<std::string>
  // ambiguous.
  Failure(std::string text_in, ExitCode code_in) : text(std::move(text_in)), code(code_in) {}
  std::string text;
  ExitCode code = ExitCode::kUsage;
};

template <class T>
using Result = boost::system::result<T, Failure>;

inline Failure usage(std::string text) {
  return {std::move(text), ExitCode::kUsage};
}
inline Failure could_not_run(std::string text) {
  return {std::move(text), ExitCode::kCouldNotRun};
}

// Found by argument-dependent lookup when value() is called on a failed Result: a bug in the
// caller.
[[noreturn]] void throw_exception_from_error(const Failure& failure, const boost::source_location&);

}  // namespace pushbench

template <>
struct boost::system::is_error_code_enum<pushbench::Errc> : std::true_type {};
