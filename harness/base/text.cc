#include "harness/base/text.h"

#include "harness/base/nanos.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench {
namespace {

// Three significant digits, never an exponent: 1.23, 12.3, 123.
std::string three_digits(double value) {
  const double magnitude = std::abs(value);
  if (magnitude >= 99.95) {
    return fmt::format("{:.0f}", value);
  }
  return magnitude >= 9.995 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto tail = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (i >= text.size() || (byte(i) & 0xC0U) != 0x80U) {
        return false;
      }
    }
    return true;
  };
  const unsigned char lead = byte(0);
  if (lead < 0x80U) {
    return 1;
  }
  const unsigned char second = text.size() > 1 ? byte(1) : 0;
  if (lead >= 0xC2U && lead <= 0xDFU) {
    return tail(1, 2) ? 2 : 0;
  }
  if ((lead & 0xF0U) == 0xE0U) {
    const bool overlong = lead == 0xE0U && second < 0xA0U;
    const bool surrogate = lead == 0xEDU && second > 0x9FU;
    return tail(1, 3) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0U && lead <= 0xF4U) {
    const bool overlong = lead == 0xF0U && second < 0x90U;
    const bool beyond = lead == 0xF4U && second > 0x8FU;
    return tail(1, 4) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string human_duration(std::chrono::nanoseconds value) {
  const auto ns = static_cast<double>(value.count());
  const double magnitude = std::abs(ns);
  if (magnitude < 999.5) {
    return fmt::format("{} ns", value.count());
  }
  if (magnitude < 999.5e3) {
    return three_digits(ns / 1e3) + " µs";
  }
  if (magnitude < 999.5e6) {
    return three_digits(ns / 1e6) + " ms";
  }
  if (magnitude < 119.5e9) {
    return three_digits(ns / 1e9) + " s";
  }
  const auto seconds = std::llround(ns / 1e9);
  return seconds % 60 == 0 ? fmt::format("{} min", seconds / 60)
                           : fmt::format("{} min {} s", seconds / 60, std::abs(seconds % 60));
}

std::string human_seconds(double seconds) {
  return human_duration(nanos_of(seconds));
}

std::string human_bytes(double bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  while (std::abs(bytes) >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  const bool whole = unit == 0 && bytes == std::floor(bytes);
  return fmt::format("{} {}", whole ? fmt::format("{:.0f}", bytes) : three_digits(bytes),
                     kUnits.at(unit));
}

std::string human_count(double value) {
  if (value < 0) {
    return "-" + human_count(-value);
  }
  if (value >= 999.5 || value == std::floor(value)) {
    return grouped(static_cast<std::uint64_t>(std::llround(value)));
  }
  return three_digits(value);
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = sequence_length(text);
    const auto lead = static_cast<unsigned char>(text[0]);
    const bool control = length == 1 && (lead < 0x20U || lead == 0x7FU);
    const bool c1 = length == 2 && lead == 0xC2U && static_cast<unsigned char>(text[1]) < 0xA0U;
    if (length == 0 || control || c1) {
      const std::size_t width = std::max<std::size_t>(1, length);
      for (std::size_t i = 0; i < width; ++i) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
      }
      text.remove_prefix(width);
      continue;
    }
    out.append(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace pushbench
