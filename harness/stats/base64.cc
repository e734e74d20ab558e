#include "harness/stats/base64.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace pushbench::stats {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNotInAlphabet = 0xff;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNotInAlphabet);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}
constexpr auto kDigits = make_digits();

std::uint32_t byte_at(std::string_view text, std::size_t index) {
  return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
}

// Three bytes as four characters; what `bytes` lacks is padded.
void append_group(std::string& out, std::string_view bytes) {
  const std::uint32_t bits = byte_at(bytes, 0) << 16 | byte_at(bytes, 1) << 8 | byte_at(bytes, 2);
  for (std::size_t i = 0; i < 4; ++i) {
    out += i <= bytes.size() ? kAlphabet[(bits >> (18 - 6 * i)) & 0x3f] : '=';
  }
}

// Two to four characters without padding as one to three bytes; false when they are not base64.
bool append_bytes(std::string& out, std::string_view characters) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint32_t digit = 0;
    if (i < characters.size()) {
      digit = kDigits[static_cast<unsigned char>(characters[i])];
      if (digit == kNotInAlphabet) {
        return false;
      }
    }
    bits = bits << 6 | digit;
  }
  const std::size_t bytes = characters.size() - 1;
  for (std::size_t i = 0; i < bytes; ++i) {
    out += static_cast<char>((bits >> (16 - 8 * i)) & 0xff);
  }
  return (bits & ((1U << (24 - 8 * bytes)) - 1)) == 0;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    append_group(out, bytes.substr(at, 3));
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return std::nullopt;
  }
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) {
    text.remove_suffix(1);
  }
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    if (!append_bytes(out, text.substr(at, 4))) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace pushbench::stats
