#include "harness/plan/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>

namespace pushbench::plan {
namespace {

constexpr std::uint64_t kMaxNanos = 1'000'000'000'000'000'000;  // about 31 years
constexpr std::uint64_t kMaxBytes = 1'000'000'000'000'000;
constexpr std::uint64_t kMaxBitRate = 1'000'000'000'000'000;
constexpr std::size_t kMaxFractionDigits = 15;

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

// Falling, because the parts of "1m30s" have to fall. The first name of a size is the one written.
constexpr std::array<Unit, 9> kTimeUnits{{{"h", 3'600'000'000'000},
                                          {"m", 60'000'000'000},
                                          {"min", 60'000'000'000},
                                          {"s", 1'000'000'000},
                                          {"ms", 1'000'000},
                                          {"us", 1'000},
                                          {"\xC2\xB5s", 1'000},  // micro sign
                                          {"\xCE\xBCs", 1'000},  // Greek mu
                                          {"ns", 1}}};
constexpr std::array<Unit, 5> kByteUnits{
    {{"B", 1}, {"kB", 1'000}, {"MB", 1'000'000}, {"KiB", 1'024}, {"MiB", 1'048'576}}};

constexpr std::array<Unit, 4> kBitRateUnits{
    {{"Gbit/s", 1'000'000'000}, {"Mbit/s", 1'000'000}, {"kbit/s", 1'000}, {"bit/s", 1}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t count_digits(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) {
    ++n;
  }
  return n;
}

// "12" or "12.5" as it is written, split so that a unit can be applied without rounding.
struct Decimal {
  std::uint64_t whole = 0;
  std::string_view fraction;
};

std::optional<Decimal> take_decimal(std::string_view& text) {
  const std::size_t digits = count_digits(text);
  Decimal out;
  const auto read = std::from_chars(text.data(), text.data() + digits, out.whole);
  if (digits == 0 || read.ec != std::errc()) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  if (!text.empty() && text[0] == '.') {
    out.fraction = text.substr(1, count_digits(text.substr(1)));
    if (out.fraction.empty()) {
      return std::nullopt;
    }
    text.remove_prefix(1 + out.fraction.size());
  }
  return out;
}

// decimal × unit, exact: nullopt above `limit` or when the product is not a whole number.
std::optional<std::uint64_t> times(const Decimal& decimal,
                                   std::uint64_t unit,
                                   std::uint64_t limit) {
  if (decimal.whole > limit / unit || decimal.fraction.size() > kMaxFractionDigits) {
    return std::nullopt;
  }
  std::uint64_t fraction = 0;
  std::uint64_t scale = 1;
  for (const char digit : decimal.fraction) {
    fraction = fraction * 10 + static_cast<std::uint64_t>(digit - '0');
    scale *= 10;
  }
  const std::uint64_t common = std::gcd(unit, scale);
  if (fraction % (scale / common) != 0) {
    return std::nullopt;
  }
  const std::uint64_t total = decimal.whole * unit + fraction / (scale / common) * (unit / common);
  return total <= limit ? std::optional(total) : std::nullopt;
}

// The index in `units` of the unit at the front of `text`, taken off; units.size() when none.
template <std::size_t N>
std::size_t take_unit(std::string_view& text, const std::array<Unit, N>& units) {
  std::size_t length = 0;
  while (length < text.size() && !is_digit(text[length])) {
    ++length;
  }
  const auto name = text.substr(0, length);
  for (std::size_t i = 0; i < N; ++i) {
    if (units.at(i).name == name) {
      text.remove_prefix(length);
      return i;
    }
  }
  return N;
}

// The k or M at the end of a count, taken off.
std::uint64_t take_multiplier(std::string_view& text) {
  if (text.empty() || (text.back() != 'k' && text.back() != 'M')) {
    return 1;
  }
  const std::uint64_t multiplier = text.back() == 'k' ? 1'000 : 1'000'000;
  text.remove_suffix(1);
  return multiplier;
}

// Adds one part ("1m" of "1m30s"); a part must be of a smaller unit than the part before it.
bool take_part(std::string_view& text, std::uint64_t& previous, std::uint64_t& total) {
  const auto number = take_decimal(text);
  const std::size_t unit = number ? take_unit(text, kTimeUnits) : kTimeUnits.size();
  if (unit == kTimeUnits.size() || kTimeUnits.at(unit).size >= previous) {
    return false;
  }
  previous = kTimeUnits.at(unit).size;
  const auto nanos = times(*number, previous, kMaxNanos);
  if (!nanos || (!number->fraction.empty() && !text.empty())) {
    return false;
  }
  total += *nanos;
  return total <= kMaxNanos;
}

// "1.5s": `value` in units of `size`, decimals only as far as needed.
std::string with_decimals(std::uint64_t value, std::uint64_t size, std::string_view unit) {
  std::string text = fmt::format("{}", value / size);
  if (value % size != 0) {
    const auto digits = fmt::format("{}", size).size() - 1;
    text += fmt::format(".{:0{}}", value % size, digits);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text.append(unit);
}

}  // namespace

Result<Nanos> parse_duration(std::string_view text) {
  const Failure expected = usage("a duration such as 250ms, 5s or 1m30s");
  std::uint64_t total = 0;
  std::uint64_t previous = std::numeric_limits<std::uint64_t>::max();
  do {
    if (!take_part(text, previous, total)) {
      return expected;
    }
  } while (!text.empty());
  return Nanos(static_cast<Nanos::rep>(total));
}

Result<std::uint64_t> parse_bytes(std::string_view text) {
  const auto number = take_decimal(text);
  const std::size_t unit = number ? take_unit(text, kByteUnits) : kByteUnits.size();
  if (unit < kByteUnits.size() && text.empty()) {
    if (const auto bytes = times(*number, kByteUnits.at(unit).size, kMaxBytes)) {
      return *bytes;
    }
  }
  return usage("a size such as 128B, 4kB or 1MiB");
}

Result<double> parse_rate(std::string_view text) {
  constexpr std::array<Unit, 3> kPer{{{"/s", 1}, {"/min", 60}, {"/h", 3600}}};
  for (const auto& per : kPer) {
    if (!text.ends_with(per.name)) {
      continue;
    }
    std::string_view number = text.substr(0, text.size() - per.name.size());
    const auto multiplier = static_cast<double>(take_multiplier(number));
    if (const auto value = parse_number(number)) {
      return *value * multiplier / static_cast<double>(per.size);
    }
  }
  return usage("a rate such as 100/s or 6/min");
}

Result<std::uint64_t> parse_bit_rate(std::string_view text) {
  const auto number = take_decimal(text);
  const std::size_t unit = number ? take_unit(text, kBitRateUnits) : kBitRateUnits.size();
  if (unit < kBitRateUnits.size() && text.empty()) {
    if (const auto rate = times(*number, kBitRateUnits.at(unit).size, kMaxBitRate)) {
      return *rate;
    }
  }
  return usage("a bit rate such as 64kbit/s or 20Mbit/s");
}

Result<std::uint64_t> parse_count(std::string_view text) {
  const Failure expected = usage("a whole number such as 1000, 1_000 or 10k");
  const std::uint64_t multiplier = take_multiplier(text);
  std::uint64_t total = 0;
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    const auto digit = static_cast<std::uint64_t>(c - '0');
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    if (!is_digit(c) || total > (kMax - digit) / 10) {
      return expected;
    }
    total = total * 10 + digit;
    after_digit = true;
  }
  if (!after_digit || total > std::numeric_limits<std::uint64_t>::max() / multiplier) {
    return expected;
  }
  return total * multiplier;
}

Result<double> parse_fraction(std::string_view text) {
  const bool percent = text.ends_with('%');
  const auto value = parse_number(percent ? text.substr(0, text.size() - 1) : text);
  if (!value) {
    return usage("a fraction such as 0.1 or 10%");
  }
  return percent ? *value / 100 : *value;
}

std::optional<double> parse_number(std::string_view text) {
  std::string_view rest = text;
  if (!take_decimal(rest) || !rest.empty()) {
    return std::nullopt;
  }
  double value = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

std::string short_bit_rate(std::uint64_t bit_per_s) {
  for (const auto& unit : kBitRateUnits) {
    if (unit.size <= bit_per_s) {
      return with_decimals(bit_per_s, unit.size, unit.name);
    }
  }
  return "0bit/s";
}

std::string short_duration(Nanos value) {
  constexpr std::uint64_t kMinute = 60'000'000'000;
  auto left = static_cast<std::uint64_t>(std::max<Nanos::rep>(0, value.count()));
  if (left == 0) {
    return "0s";
  }
  std::string text;
  if (left >= kMinute) {
    const std::uint64_t minutes = left / kMinute;
    text += minutes >= 60 ? fmt::format("{}h", minutes / 60) : "";
    text += minutes % 60 != 0 ? fmt::format("{}m", minutes % 60) : "";
    left %= kMinute;
    return left == 0 ? text : text + with_decimals(left, 1'000'000'000, "s");
  }
  for (const auto& unit : kTimeUnits) {
    if (unit.size < kMinute && unit.size <= left) {
      return with_decimals(left, unit.size, unit.name);
    }
  }
  return text;
}

}  // namespace pushbench::plan
