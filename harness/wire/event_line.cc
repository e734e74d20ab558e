#include "harness/wire/event_line.h"

#include "harness/wire/scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace pushbench::wire {
namespace {

constexpr std::string_view kSeqKey = "{\"seq\":";
constexpr std::string_view kDataKey = ",\"data\":\"";
constexpr std::string_view kEventBack = "\"}";
constexpr std::string_view kOldestKey = "{\"gap\":{\"oldest\":";
constexpr std::string_view kNewestKey = ",\"newest\":";
constexpr std::string_view kGapBack = "}}";

// The short escapes of RFC 8259 section 7, letter and byte.
struct ShortEscape {
  char letter;
  char byte;
};
constexpr std::array<ShortEscape, 7> kShortEscapes = {
    {{'"', '"'}, {'\\', '\\'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};
constexpr std::string_view kHexDigits = "0123456789abcdef";

void append_escaped(std::string& out, char c) {
  const auto* known = std::ranges::find(kShortEscapes, c, &ShortEscape::byte);
  if (known != kShortEscapes.end()) {
    out.push_back('\\');
    out.push_back(known->letter);
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out.append("\\u00");
  out.push_back(kHexDigits[byte >> 4U]);
  out.push_back(kHexDigits[byte & 15U]);
}

bool take(std::string_view& text, std::string_view expected) noexcept {
  if (!text.starts_with(expected)) {
    return false;
  }
  text.remove_prefix(expected.size());
  return true;
}

// Digits without leading zeros, as the encoder writes them.
bool take_decimal(std::string_view& text, std::uint64_t& value) noexcept {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (ec != std::errc() || (text[0] == '0' && digits > 1)) {
    return false;
  }
  text.remove_prefix(digits);
  return true;
}

// "\u00XX" below 0x20, behind its backslash; only there does the grammar allow the long form.
bool take_long_escape(std::string_view& text, char& byte) noexcept {
  unsigned value = 0;
  if (text.size() < 5 || !text.starts_with("u00")) {
    return false;
  }
  const auto* last = text.data() + 5;
  const auto [end, ec] = std::from_chars(text.data() + 3, last, value, 16);
  if (ec != std::errc() || end != last || value >= 0x20) {
    return false;
  }
  byte = static_cast<char>(value);
  text.remove_prefix(5);
  return true;
}

bool take_escape(std::string_view& text, char& byte) noexcept {
  if (text.empty()) {
    return false;
  }
  const auto* known = std::ranges::find(kShortEscapes, text[0], &ShortEscape::letter);
  if (known == kShortEscapes.end()) {
    return take_long_escape(text, byte);
  }
  byte = known->byte;
  text.remove_prefix(1);
  return true;
}

bool unescape(std::string_view text, std::string& out) {
  out.clear();
  for (;;) {
    const auto plain = until_escape(text);
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) {
      return true;
    }
    char byte = 0;
    if (!take(text, "\\") || !take_escape(text, byte)) {
      return false;  // a bare control byte or quote, or an escape that the encoder never writes
    }
    out.push_back(byte);
  }
}

bool parse_gap(std::string_view line, EventLine& out) noexcept {
  out.gap = true;
  out.data = {};
  return take(line, kOldestKey) && take_decimal(line, out.seq) && take(line, kNewestKey) &&
         take_decimal(line, out.newest) && line == kGapBack;
}

}  // namespace

bool is_event_text(std::string_view text) noexcept {
  return text.find('\r') == std::string_view::npos && well_formed_utf8(text);
}

void append_event_line(std::string& out, std::uint64_t seq, std::string_view text) {
  out.append(kSeqKey);
  append_decimal(out, seq);
  out.append(kDataKey);
  for (;;) {
    const auto plain = until_escape(text);
    out.append(text.substr(0, plain));
    if (plain == text.size()) {
      break;
    }
    append_escaped(out, text[plain]);
    text.remove_prefix(plain + 1);
  }
  out.append(kEventBack);
  out.push_back('\n');
}

void append_gap_line(std::string& out, std::uint64_t oldest, std::uint64_t newest) {
  out.append(kOldestKey);
  append_decimal(out, oldest);
  out.append(kNewestKey);
  append_decimal(out, newest);
  out.append(kGapBack);
  out.push_back('\n');
}

bool parse_event_line(std::string_view line, EventLine& out, std::string& scratch) {
  if (line.starts_with(kOldestKey)) {
    return parse_gap(line, out);
  }
  out.gap = false;
  out.newest = 0;
  if (!take(line, kSeqKey) || !take_decimal(line, out.seq) || out.seq == 0 ||
      !take(line, kDataKey) || !line.ends_with(kEventBack)) {
    return false;
  }
  line.remove_suffix(kEventBack.size());
  if (until_escape(line) == line.size()) {
    out.data = line;
  } else if (unescape(line, scratch)) {
    out.data = scratch;
  } else {
    return false;
  }
  return well_formed_utf8(out.data);
}

Parsed LineReader::next(std::string_view& input, std::string_view& line) {
  if (over_limit_) {
    return Parsed::kError;
  }
  if (spent_) {
    partial_.reset();
    spent_ = false;
  }
  const auto size = input.find('\n');
  const auto piece = input.substr(0, size);
  if (piece.size() > max_line_ - (partial_ ? partial_->size() : 0)) {
    over_limit_ = true;
    return Parsed::kError;
  }
  const bool whole = size != std::string_view::npos;
  input.remove_prefix(piece.size() + (whole ? 1 : 0));
  if (whole && !partial_) {
    line = piece;
    return Parsed::kItem;
  }
  if (partial_) {
    partial_->append(piece);
  } else if (!piece.empty()) {
    partial_ = std::make_unique<std::string>(piece);
  }
  if (!whole) {
    return Parsed::kNeedMore;
  }
  line = *partial_;
  spent_ = true;
  return Parsed::kItem;
}

}  // namespace pushbench::wire
