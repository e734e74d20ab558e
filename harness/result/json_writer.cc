#include "harness/result/json_writer.h"

#include "harness/base/check.h"
#include "harness/base/text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace pushbench::result {
namespace {

std::size_t sequence_length(unsigned char lead) noexcept {
  if (lead < 0xC0U) {
    return 1;
  }
  return lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
}

void append_escaped(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (byte < 0x20U) {
    out += "\\u00";
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
    return;
  }
  out += static_cast<char>(byte);
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const auto sequence = text.substr(0, sequence_length(lead));
    if (lead < 0x80U) {
      append_escaped(out, lead);
      text.remove_prefix(1);
    } else if (is_utf8(sequence)) {
      out += sequence;
      text.remove_prefix(sequence.size());
    } else {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  return out += '"';
}

void JsonWriter::key(std::string_view name) {
  PUSHBENCH_CHECK(!levels_.empty() && levels_.back().close == '}' && !after_key_);
  separate();
  out_ += json_string(name);
  out_ += ": ";
  after_key_ = true;
}

void JsonWriter::value(std::string_view text) {
  raw(json_string(text));
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) {
    raw("null");
    return;
  }
  std::array<char, 32> digits{};
  const auto [end, ec] = std::to_chars(digits.begin(), digits.end(), number);
  PUSHBENCH_CHECK(ec == std::errc());
  raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

std::string JsonWriter::take() {
  PUSHBENCH_CHECK(levels_.empty() && !out_.empty());
  out_ += '\n';
  return std::move(out_);
}

void JsonWriter::begin(char open, Layout layout) {
  raw(std::string_view(&open, 1));
  levels_.push_back({open == '{' ? '}' : ']', layout, true});
}

void JsonWriter::end(char close) {
  PUSHBENCH_CHECK(!levels_.empty() && levels_.back().close == close && !after_key_);
  const Level level = levels_.back();
  levels_.pop_back();
  if (!level.empty && level.layout == Layout::kBlock) {
    new_line();
  }
  out_ += close;
}

void JsonWriter::raw(std::string_view text) {
  if (after_key_) {
    after_key_ = false;
  } else {
    PUSHBENCH_CHECK(levels_.empty() ? out_.empty() : levels_.back().close == ']');
    separate();
  }
  out_ += text;
}

void JsonWriter::separate() {
  if (levels_.empty()) {
    return;
  }
  Level& level = levels_.back();
  if (!level.empty) {
    out_ += level.layout == Layout::kLine ? ", " : ",";
  }
  level.empty = false;
  if (level.layout == Layout::kBlock) {
    new_line();
  }
}

void JsonWriter::new_line() {
  out_ += '\n';
  out_.append(2 * levels_.size(), ' ');
}

}  // namespace pushbench::result
