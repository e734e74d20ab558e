// Server-Sent Events as WHATWG HTML section 9.2.6 defines the event stream: the encoder of our
// server and the incremental parser of our swarm. LF, CR and CRLF end lines; one leading BOM is
// skipped; malformed UTF-8 becomes U+FFFD; an event is dispatched at its empty line at once, never
// held back for a byte that may follow a CR. An event that lies in one input and has one line of
// data is handed out in place, without a copy.
#pragma once

#include "harness/base/error.h"
#include "harness/wire/parsed.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pushbench::wire {

inline constexpr std::string_view kSseComment = ":\n\n";  // keep-alive, 3 bytes
inline constexpr std::size_t kMaxSseLine =
    std::size_t{2} * 1024 * 1024;  // a longer line is Errc::kLimit
inline constexpr std::size_t kMaxSseEvent =
    std::size_t{4} * 1024 * 1024;  // data of one event; more is kLimit

// "id: SEQ\n", one "data: LINE\n" per line of `text`, "\n". For a single line: 5 + digits + 8 +
// text.size().
void append_sse_event(std::string& out, std::uint64_t seq, std::string_view text);
// "event: gap", "id: " and the number before `oldest`, "data: {"oldest":…,"newest":…}".
void append_sse_gap(std::string& out, std::uint64_t oldest, std::uint64_t newest);

struct SseEvent {
  std::string_view type;  // "message" when the stream named none
  std::string_view data;
  std::string_view id;  // last event id in force at dispatch
  bool mended = false;  // `data` holds U+FFFD for malformed UTF-8: other bytes, and maybe more
};

class SseParser {
 public:
  Parsed next(std::string_view& input, SseEvent& event);
  error_code error() const noexcept {
    return over_limit_ ? error_code(Errc::kLimit) : error_code();
  }
  std::string_view last_event_id() const noexcept { return id_; }
  std::optional<std::uint64_t> retry_ms() const noexcept {
    return has_retry_ ? std::optional(retry_ms_) : std::nullopt;
  }
  // Comments that stood alone, as a sign of life: how many blocks since the last call, and their
  // bytes with the lines that ended them.
  struct Comments {
    std::uint32_t blocks = 0;
    std::uint32_t bytes = 0;
  };
  Comments take_comments() noexcept { return std::exchange(comments_, {}); }

 private:
  // The fields of the block so far, while all of each lies in the input at hand; else they are in
  // the rest.
  struct Block {
    std::string_view data;
    std::string_view type;
    std::string_view id;
    bool has_id = false;
  };
  // What could not be handed out in place: parts from earlier inputs, joined lines, mended text. It
  // is there only until the block ends, so that an idle client owns none.
  struct Rest {
    std::string line;  // a line of which the end has not come yet
    std::string data;
    std::string type;
    std::string id;  // in force from the next empty line on
    bool has_id = false;
  };
  bool skip_bom(std::string_view& input);
  bool take_line(std::string_view& input, std::string_view& line);
  bool end_line(std::string_view& input);
  void take_field(std::string_view line, Block& block, bool in_place);
  void take_data(std::string_view value, Block& block, bool in_place);
  void take_id(std::string_view value, Block& block, bool in_place);
  void keep(Block& block);
  bool dispatch(Block& block, SseEvent& event);
  void put_id_in_force(const Block& block);
  void end_block(std::size_t bytes, bool event) noexcept;
  void forget_event() noexcept;
  Rest& rest();
  bool has_part_of_line() const noexcept { return rest_ && !rest_->line.empty(); }

  std::string id_;  // last event id in force
  std::unique_ptr<Rest> rest_;
  std::uint64_t retry_ms_ = 0;
  Comments comments_;
  std::uint32_t block_bytes_ = 0;  // of the block so far, in earlier inputs
  std::uint8_t bom_seen_ = 0;      // bytes of a leading BOM matched, kBomOver when that is decided
  bool has_retry_ = false;
  bool after_cr_ = false;  // an LF that follows belongs to the CR
  bool has_data_ = false;
  bool has_comment_ = false;  // the block so far
  bool spent_ = false;        // an event was handed out: it is forgotten at the next call
  bool over_limit_ = false;
};

}  // namespace pushbench::wire
