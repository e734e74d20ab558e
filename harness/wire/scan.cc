#include "harness/wire/scan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace pushbench::wire {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighs = 0x8080808080808080U;

std::uint64_t load(const char* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Tests of all bytes of a word, whose results may be joined before ascii() looks at them: zero then
// means that no byte below 0x80 is below `limit` (<= 0x80), or is `c` (< 0x80).
constexpr std::uint64_t below(std::uint64_t word, std::uint64_t limit) noexcept {
  return word - kOnes * limit;
}
constexpr std::uint64_t equal(std::uint64_t word, char c) noexcept {
  return below(word ^ (kOnes * static_cast<unsigned char>(c)), 1);
}
constexpr std::uint64_t ascii(std::uint64_t word, std::uint64_t tests) noexcept {
  return tests & ~word & kHighs;
}

// Skips words for which `hit` is zero, then finishes byte by byte: no matter of byte order.
template <class WordHit, class ByteHit>
std::size_t scan(std::string_view text, WordHit word_hit, ByteHit byte_hit) noexcept {
  std::size_t at = 0;
  while (at + sizeof(std::uint64_t) <= text.size() && word_hit(load(text.data() + at)) == 0) {
    at += sizeof(std::uint64_t);
  }
  while (at < text.size() && !byte_hit(static_cast<unsigned char>(text[at]))) {
    ++at;
  }
  return at;
}

struct Sequence {
  std::size_t size = 1;
  bool valid = false;
};

// What may follow a lead byte: how many bytes in all, and the range of the second one.
struct Lead {
  std::size_t size;
  unsigned char low;
  unsigned char high;
};

constexpr Lead lead_of(unsigned char c) noexcept {
  if (c >= 0xC2 && c <= 0xDF) {
    return {2, 0x80, 0xBF};
  }
  if (c >= 0xE0 && c <= 0xEF) {
    return {3, c == 0xE0 ? std::uint8_t{0xA0} : std::uint8_t{0x80},
            c == 0xED ? std::uint8_t{0x9F} : std::uint8_t{0xBF}};
  }
  if (c >= 0xF0 && c <= 0xF4) {
    return {4, c == 0xF0 ? std::uint8_t{0x90} : std::uint8_t{0x80},
            c == 0xF4 ? std::uint8_t{0x8F} : std::uint8_t{0xBF}};
  }
  return {0, 0, 0};
}

// REQUIRES: the first byte is not ASCII.
Sequence sequence_at(std::string_view text) noexcept {
  auto lead = lead_of(static_cast<unsigned char>(text[0]));
  std::size_t size = 1;
  for (; size < lead.size; ++size) {
    if (size == text.size()) {
      return {size, false};
    }
    const auto c = static_cast<unsigned char>(text[size]);
    if (c < lead.low || c > lead.high) {
      return {size, false};
    }
    lead.low = 0x80;
    lead.high = 0xBF;
  }
  return {size, lead.size != 0};
}

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  for (std::size_t c = 0; c < table.size(); ++c) {
    table[c] = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c < 0x80 && kOthers.find(static_cast<char>(c)) != std::string_view::npos);
  }
  return table;
}
constexpr auto kTokenTable = make_token_table();

}  // namespace

std::size_t until_line_end(std::string_view text) noexcept {
  // Windows that double: a line in a long input that has no LF at all costs its own length, not
  // the input's.
  std::size_t at = 0;
  for (std::size_t window = 256; at < text.size(); window *= 2) {
    const auto* from = text.data() + at;
    auto length = std::min(window, text.size() - at);
    const auto* lf = static_cast<const char*>(std::memchr(from, '\n', length));
    if (lf != nullptr) {
      length = static_cast<std::size_t>(lf - from);
    }
    const auto* cr = static_cast<const char*>(std::memchr(from, '\r', length));
    if (cr != nullptr || lf != nullptr) {
      return static_cast<std::size_t>((cr != nullptr ? cr : lf) - text.data());
    }
    at += length;
  }
  return text.size();
}

std::size_t until_escape(std::string_view text) noexcept {
  return scan(
      text,
      [](std::uint64_t word) {
        return ascii(word, below(word, 0x20) | equal(word, '"') | equal(word, '\\'));
      },
      [](unsigned char c) { return c < 0x20 || c == '"' || c == '\\'; });
}

std::size_t until_non_ascii(std::string_view text) noexcept {
  return scan(
      text, [](std::uint64_t word) { return word & kHighs; },
      [](unsigned char c) { return c >= 0x80; });
}

std::size_t until_control(std::string_view text) noexcept {
  constexpr char kDelete = 0x7F;
  return scan(
      text,
      [](std::uint64_t word) { return ascii(word, below(word, 0x20) | equal(word, kDelete)); },
      [](unsigned char c) { return c < 0x20 || c == kDelete; });
}

bool well_formed_utf8(std::string_view text) noexcept {
  for (;;) {
    text.remove_prefix(until_non_ascii(text));
    // Runs of non-ASCII text stay here, so that the scan above is not restarted for each character.
    while (!text.empty() && static_cast<unsigned char>(text[0]) >= 0x80) {
      const auto sequence = sequence_at(text);
      if (!sequence.valid) {
        return false;
      }
      text.remove_prefix(sequence.size);
    }
    if (text.empty()) {
      return true;
    }
  }
}

void append_lossy_utf8(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto ascii = until_non_ascii(text);
    out.append(text.substr(0, ascii));
    text.remove_prefix(ascii);
    if (text.empty()) {
      return;
    }
    const auto sequence = sequence_at(text);
    out.append(sequence.valid ? text.substr(0, sequence.size) : std::string_view("\xEF\xBF\xBD"));
    text.remove_prefix(sequence.size);
  }
}

std::size_t until_no_token(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && kTokenTable[static_cast<unsigned char>(text[at])]) {
    ++at;
  }
  return at;
}

bool is_token_char(char c) noexcept {
  return kTokenTable[static_cast<unsigned char>(c)];
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

void append_decimal(std::string& out, unsigned long long value) {
  std::array<char, 20> digits;
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), result.ptr);
}

}  // namespace pushbench::wire
