// The event line of the native dialect: {"seq":12,"data":"…"} and a line feed
// (servers/reference/README.md). Encoder for the server, decoder for the swarm, and the rule of
// what an event may hold.
#pragma once

#include "harness/base/error.h"
#include "harness/wire/parsed.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pushbench::wire {

inline constexpr std::uint32_t kMaxEventLine = 8 * 1024 * 1024;  // 1 MiB of event, all escaped

// An event is well-formed UTF-8 without CR: what every strategy can carry unchanged.
bool is_event_text(std::string_view text) noexcept;

void append_event_line(std::string& out, std::uint64_t seq, std::string_view text);
void append_gap_line(std::string& out, std::uint64_t oldest, std::uint64_t newest);

struct EventLine {
  bool gap = false;  // then seq = oldest held, newest = newest held
  std::uint64_t seq = 0;
  std::uint64_t newest = 0;
  std::string_view data;  // unescaped; points into the line, or into `scratch` when it had escapes
};

// One line without its line feed. false: not an event line of this dialect. As strict as the
// encoder is exact: no spaces, sequence numbers from 1 without leading zeros, no escapes but the
// encoder's.
bool parse_event_line(std::string_view line, EventLine& out, std::string& scratch);

// Cuts a byte stream into lines ended by LF. A line in one piece is not copied. 16 bytes, since one
// lives in every client.
class LineReader {
 public:
  explicit LineReader(std::uint32_t max_line = kMaxEventLine) : max_line_(max_line) {}
  Parsed next(std::string_view& input, std::string_view& line);
  bool mid_line() const noexcept { return partial_ && !spent_; }
  error_code error() const noexcept {
    return over_limit_ ? error_code(Errc::kLimit) : error_code();
  }

 private:
  std::unique_ptr<std::string> partial_;  // the front of a line, never empty
  std::uint32_t max_line_;
  bool spent_ = false;  // partial_ was handed out and goes at the next call
  bool over_limit_ = false;
};

}  // namespace pushbench::wire
