#include "harness/wire/stamp.h"

#include "harness/base/check.h"

#include <array>

namespace pushbench::wire {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr char kFront = '~';
constexpr char kBack = ';';
constexpr std::size_t kTagAt = 1;    // 4 digits
constexpr std::size_t kIndexAt = 5;  // 10 digits
constexpr std::size_t kBackAt = kStampSize - 1;
constexpr std::uint8_t kNoDigit = 0x80;  // a bit that no digit has: one test serves all digits

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr auto kValues = make_values();

void write_digits(std::uint64_t value, std::span<char> out) noexcept {
  for (auto at = out.size(); at-- > 0;) {
    out[at] = kDigits[value & 63U];
    value >>= 6U;
  }
}

struct Digits {
  std::uint64_t value = 0;
  std::uint8_t seen = 0;  // all digits' values or-ed
};

Digits read_digits(std::string_view text) noexcept {
  Digits digits;
  for (const char c : text) {
    const auto value = kValues[static_cast<unsigned char>(c)];
    digits.seen = static_cast<std::uint8_t>(digits.seen | value);
    digits.value = (digits.value << 6U) | (value & 63U);
  }
  return digits;
}

}  // namespace

void encode_stamp(const Stamp& stamp, std::span<char, kStampSize> out) noexcept {
  PUSHBENCH_CHECK(stamp.run_tag <= kMaxRunTag && stamp.index <= kMaxEventIndex);
  out[0] = kFront;
  write_digits(stamp.run_tag, out.subspan<kTagAt, kIndexAt - kTagAt>());
  write_digits(stamp.index, out.subspan<kIndexAt, kBackAt - kIndexAt>());
  out[kBackAt] = kBack;
}

std::optional<Stamp> decode_stamp(std::string_view event) noexcept {
  if (event.size() < kStampSize || event[0] != kFront || event[kBackAt] != kBack) {
    return std::nullopt;
  }
  const auto tag = read_digits(event.substr(kTagAt, kIndexAt - kTagAt));
  const auto index = read_digits(event.substr(kIndexAt, kBackAt - kIndexAt));
  if (((tag.seen | index.seen) & kNoDigit) != 0) {
    return std::nullopt;
  }
  return Stamp{static_cast<std::uint32_t>(tag.value), index.value};
}

}  // namespace pushbench::wire
