#include "harness/wire/sse.h"

#include "harness/wire/scan.h"

#include <system_error>

#include <charconv>
#include <limits>

namespace pushbench::wire {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::uint8_t kBomOver = 0xFF;
// Room that a part of a line may keep until its block ends: idle clients must stay small.
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
    const bool in_place = !has_part_of_line();
    take_field(line, block, in_place);
    if (!in_place) {
      empty(rest_->line);
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
    if (bom_seen_ > 0) {
      rest().line.append(kBom.substr(0, bom_seen_));  // it only began like one
    }
  }
  bom_seen_ = kBomOver;
  return true;
}

SseParser::Rest& SseParser::rest() {
  if (!rest_) {
    rest_ = std::make_unique<Rest>();
  }
  return *rest_;
}

// true: `line` is whole, in the input or, when a part of it came before, in the rest.
bool SseParser::take_line(std::string_view& input, std::string_view& line) {
  if (after_cr_ && !input.empty()) {
    after_cr_ = false;
    if (input[0] == '\n') {
      input.remove_prefix(1);
    }
  }
  const auto size = until_line_end(input);
  const std::size_t before = rest_ ? rest_->line.size() : 0;
  if (size > kMaxSseLine - before) {
    over_limit_ = true;
    return false;
  }
  line = input.substr(0, size);
  const bool whole = size < input.size();
  if (before > 0 || (!whole && size > 0)) {
    std::string& part = rest().line;
    part.append(line);
    line = part;
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
    take_id(value, block, in_place);
  } else if (name == "event") {
    block.type = value;
    if (rest_) {
      rest_->type.clear();
    }
    if (!in_place) {
      assign_utf8(rest().type, value);
      block.type = {};
    }
  } else if (name == "retry") {
    if (const auto retry_ms = parse_retry(value)) {
      retry_ms_ = *retry_ms;
      has_retry_ = true;
    }
  }
}

void SseParser::take_data(std::string_view value, Block& block, bool in_place) {
  if (!has_data_ && in_place) {
    block.data = value;
    has_data_ = true;
    return;
  }
  // A second line, or one that came in parts: from here on the data is in the rest.
  std::string& data = rest().data;
  if (has_data_) {
    data.append(block.data);
    data.push_back('\n');
  }
  block.data = {};
  has_data_ = true;
  data.append(value);
  over_limit_ = data.size() > kMaxSseEvent;
}

void SseParser::take_id(std::string_view value, Block& block, bool in_place) {
  if (value.find('\0') != std::string_view::npos) {
    return;
  }
  block.id = value;
  block.has_id = in_place;
  if (!in_place) {
    rest().id.assign(value);
    rest_->has_id = true;
  }
}

// The input is used up: what the block took from it is copied.
void SseParser::keep(Block& block) {
  if (!block.data.empty()) {
    rest().data.append(block.data);
  }
  if (!block.type.empty()) {
    assign_utf8(rest().type, block.type);
  }
  if (block.has_id) {
    rest().id.assign(block.id);
    rest_->has_id = true;
  }
  block = {};
}

void SseParser::put_id_in_force(const Block& block) {
  if (block.has_id) {
    assign_utf8(id_, block.id);
  } else if (rest_ && rest_->has_id) {
    assign_utf8(id_, rest_->id);
  }
}

bool SseParser::dispatch(Block& block, SseEvent& event) {
  put_id_in_force(block);
  if (!has_data_) {
    forget_event();
    block = {};
    return false;
  }
  const bool in_place = !rest_;
  event.mended = !well_formed_utf8(in_place || !block.data.empty() ? block.data : rest_->data);
  if (event.mended && !block.data.empty()) {
    assign_utf8(rest().data, block.data);
    block.data = {};
  } else if (event.mended) {
    assign_utf8(rest_->data, std::string(rest_->data));
  }
  if (!block.type.empty() && !well_formed_utf8(block.type)) {
    assign_utf8(rest().type, block.type);
    block.type = {};
  }
  event.data = block.data.empty() && rest_ ? std::string_view(rest_->data) : block.data;
  event.type = block.type.empty() && rest_ ? std::string_view(rest_->type) : block.type;
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
  rest_.reset();
  has_data_ = false;
  spent_ = false;
}

}  // namespace pushbench::wire
