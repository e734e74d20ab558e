#include "harness/wire/sse.h"

#include "harness/wire/scan.h"

#include <system_error>

#include <charconv>
#include <limits>

namespace pushbench::wire {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::uint8_t kBomOver = 0xFF;
// Room that a string may keep from one event to the next: idle clients must stay small.
constexpr std::size_t kKeptCapacity = 1024;

void empty(std::string& text) noexcept {
  if (text.capacity() > kKeptCapacity) {
    std::string().swap(text);
  } else {
    text.clear();
  }
}

void assign_utf8(std::string& out, std::string_view text) {
  if (well_formed_utf8(text)) {
    out.assign(text);
    return;
  }
  std::string mended;
  append_lossy_utf8(mended, text);
  out = std::move(mended);
}

std::optional<std::uint64_t> parse_retry(std::string_view value) noexcept {
  for (const char c : value) {
    if (!is_digit(c)) {
      return std::nullopt;
    }
  }
  std::uint64_t retry_ms = 0;
  const auto result = std::from_chars(value.data(), value.data() + value.size(), retry_ms);
  if (result.ec == std::errc::result_out_of_range) {
    return std::numeric_limits<std::uint64_t>::max();  // a number all the same; callers clamp
  }
  return result.ec == std::errc() ? std::optional(retry_ms) : std::nullopt;
}

}  // namespace

void append_sse_event(std::string& out, std::uint64_t seq, std::string_view text) {
  out.append("id: ");
  append_decimal(out, seq);
  for (;;) {
    const auto size = text.find('\n');
    out.append("\ndata: ");
    out.append(text.substr(0, size));
    if (size == std::string_view::npos) {
      break;
    }
    text.remove_prefix(size + 1);
  }
  out.append("\n\n");
}

void append_sse_gap(std::string& out, std::uint64_t oldest, std::uint64_t newest) {
  out.append("event: gap\nid: ");
  append_decimal(out, oldest == 0 ? 0 : oldest - 1);
  out.append("\ndata: {\"oldest\":");
  append_decimal(out, oldest);
  out.append(",\"newest\":");
  append_decimal(out, newest);
  out.append("}\n\n");
}

Parsed SseParser::next(std::string_view& input, SseEvent& event) {
  if (spent_) {
    forget_event();
  }
  if (over_limit_) {
    return Parsed::kError;
  }
  Block block;
  std::string_view line;
  if (bom_seen_ != kBomOver && !skip_bom(input)) {
    return Parsed::kNeedMore;
  }
  std::size_t from = input.size();  // where the block's part in this input begins
  while (take_line(input, line)) {
    if (line.empty()) {
      const bool dispatched = dispatch(block, event);
      end_block(std::exchange(from, input.size()) - input.size(), dispatched);
      if (dispatched) {
        return Parsed::kItem;
      }
      continue;
    }
    const bool in_place = line_.empty();
    take_field(line, block, in_place);
    if (!in_place) {
      empty(line_);
    }
    if (over_limit_) {
      return Parsed::kError;
    }
  }
  block_bytes_ += static_cast<std::uint32_t>(from - input.size());
  keep(block);
  return over_limit_ ? Parsed::kError : Parsed::kNeedMore;
}

bool SseParser::skip_bom(std::string_view& input) {
  while (!input.empty() && bom_seen_ < kBom.size() && input[0] == kBom[bom_seen_]) {
    ++bom_seen_;
    input.remove_prefix(1);
  }
  if (bom_seen_ < kBom.size()) {
    if (input.empty()) {
      return false;
    }
    line_.append(kBom.substr(0, bom_seen_));  // it only began like one
  }
  bom_seen_ = kBomOver;
  return true;
}

// true: `line` is whole, in the input or, when a part of it came before, in line_.
bool SseParser::take_line(std::string_view& input, std::string_view& line) {
  if (after_cr_ && !input.empty()) {
    after_cr_ = false;
    if (input[0] == '\n') {
      input.remove_prefix(1);
    }
  }
  const auto size = until_line_end(input);
  if (size > kMaxSseLine - line_.size()) {
    over_limit_ = true;
    return false;
  }
  line = input.substr(0, size);
  const bool whole = size < input.size();
  if (!whole || !line_.empty()) {
    line_.append(line);
    line = line_;
  }
  input.remove_prefix(size);
  return whole && end_line(input);
}

bool SseParser::end_line(std::string_view& input) {
  const bool cr = input[0] == '\r';
  input.remove_prefix(1);
  if (cr && input.empty()) {
    after_cr_ = true;  // the LF, if there is one, has not come yet; the line has ended all the same
  } else if (cr && input[0] == '\n') {
    input.remove_prefix(1);
  }
  return true;
}

void SseParser::take_field(std::string_view line, Block& block, bool in_place) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) {
    value.remove_prefix(1);
  }
  if (name.empty()) {
    has_comment_ = true;
  } else if (name == "data") {
    take_data(value, block, in_place);
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) {
      assign_utf8(next_id_, value);
      has_next_id_ = true;
    }
  } else if (name == "event") {
    type_.clear();
    block.type = value;
    if (!in_place) {
      assign_utf8(type_, value);
      block.type = {};
    }
  } else if (name == "retry") {
    if (const auto retry_ms = parse_retry(value)) {
      retry_ms_ = retry_ms;
    }
  }
}

void SseParser::take_data(std::string_view value, Block& block, bool in_place) {
  if (!has_data_ && in_place) {
    block.data = value;
    has_data_ = true;
    return;
  }
  // A second line, or one that came in parts: from here on the data is in data_.
  if (has_data_) {
    data_.append(block.data);
    data_.push_back('\n');
  }
  block.data = {};
  has_data_ = true;
  data_.append(value);
  over_limit_ = data_.size() > kMaxSseEvent;
}

// The input is used up: what the block took from it is copied.
void SseParser::keep(Block& block) {
  data_.append(block.data);
  if (!block.type.empty()) {
    assign_utf8(type_, block.type);
  }
  block = {};
}

bool SseParser::dispatch(Block& block, SseEvent& event) {
  if (has_next_id_) {
    id_.swap(next_id_);
    has_next_id_ = false;
  }
  if (!has_data_) {
    forget_event();
    block = {};
    return false;
  }
  event.mended = !well_formed_utf8(block.data.empty() ? std::string_view(data_) : block.data);
  if (event.mended && !block.data.empty()) {
    assign_utf8(data_, block.data);
    block.data = {};
  } else if (event.mended) {
    assign_utf8(data_, std::string(data_));
  }
  if (!block.type.empty() && !well_formed_utf8(block.type)) {
    assign_utf8(type_, block.type);
    block.type = {};
  }
  event.data = block.data.empty() ? std::string_view(data_) : block.data;
  event.type = block.type.empty() ? std::string_view(type_) : block.type;
  if (event.type.empty()) {
    event.type = "message";
  }
  event.id = id_;
  spent_ = true;
  return true;
}

void SseParser::end_block(std::size_t bytes, bool event) noexcept {
  if (has_comment_ && !event) {
    ++comments_.blocks;
    comments_.bytes += block_bytes_ + static_cast<std::uint32_t>(bytes);
  }
  has_comment_ = false;
  block_bytes_ = 0;
}

void SseParser::forget_event() noexcept {
  empty(data_);
  empty(type_);
  has_data_ = false;
  spent_ = false;
}

}  // namespace pushbench::wire
