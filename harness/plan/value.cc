// The scalar types of scenario keys: how each is read, named and described.
#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/plan/keys.h"
#include "harness/plan/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace pushbench::plan {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxText = 300;
constexpr std::size_t kMaxShown = 60;

Result<Value> read_name(const Key& /*key*/, std::string_view text) {
  const bool fits =
      !text.empty() && text.size() <= kMaxName && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (!fits) {
    return usage("1 to 64 of the characters a-z, 0-9 and '-'");
  }
  return Value{.text = std::string(text)};
}

Result<Value> read_text(const Key& /*key*/, std::string_view text) {
  if (text.empty() || text.size() > kMaxText || printable(text) != text) {
    return usage("one line of text, at most 300 bytes, without control characters");
  }
  return Value{.text = std::string(text)};
}

Result<Value> read_path(const Key& /*key*/, std::string_view text) {
  if (text.empty() || text.size() > kMaxText || printable(text) != text) {
    return usage("a path below the scenario's folder such as payloads/headlines.txt");
  }
  return Value{.text = std::string(text)};
}

Result<Value> read_count(const Key& /*key*/, std::string_view text) {
  const auto count = parse_count(text);
  if (!count) {
    return count.error();
  }
  return Value{.real = static_cast<double>(*count), .count = *count};
}

Result<Value> read_fraction(const Key& /*key*/, std::string_view text) {
  const auto fraction = parse_fraction(text);
  if (!fraction) {
    return fraction.error();
  }
  return Value{.real = *fraction};
}

Result<Value> read_rate(const Key& /*key*/, std::string_view text) {
  const auto rate = parse_rate(text);
  if (!rate) {
    return rate.error();
  }
  return Value{.real = *rate};
}

Result<Value> read_bytes(const Key& /*key*/, std::string_view text) {
  const auto bytes = parse_bytes(text);
  if (!bytes) {
    return bytes.error();
  }
  return Value{.real = static_cast<double>(*bytes), .count = *bytes};
}

Result<Value> read_bit_rate(const Key& /*key*/, std::string_view text) {
  const auto rate = parse_bit_rate(text);
  if (!rate) {
    return rate.error();
  }
  return Value{.real = static_cast<double>(*rate), .count = *rate};
}

Result<Value> read_duration(const Key& /*key*/, std::string_view text) {
  const auto time = parse_duration(text);
  if (!time) {
    return time.error();
  }
  return Value{.real = static_cast<double>(time->count()), .time = *time};
}

std::string reason_of(const Key& key) {
  return key.why.empty() ? "" : fmt::format(" ({})", key.why);
}

Result<Value> read_choice(const Key& key, std::string_view text) {
  const auto found = std::find(key.choices.begin(), key.choices.end(), text);
  if (found == key.choices.end()) {
    return usage(fmt::format("one of {}{}", fmt::join(key.choices, ", "), reason_of(key)));
  }
  return Value{.text = std::string(text),
               .count = static_cast<std::uint64_t>(found - key.choices.begin())};
}

Result<Value> read_weight(const Key& /*key*/, std::string_view text) {
  const auto number = parse_number(text);
  return number ? Result<Value>(Value{.real = *number}) : usage("a number such as 0.4 or 12");
}

struct TypeRow {
  Type type;
  std::string_view name;
  Result<Value> (*read)(const Key&, std::string_view);  // null: not a scalar
  std::string_view pattern;
};

constexpr std::string_view kBytesPattern = "^[0-9]+(\\.[0-9]+)?(B|kB|MB|KiB|MiB)$";
constexpr std::string_view kCountPattern = "^[0-9]+(_[0-9]+)*[kM]?$";
constexpr std::string_view kRatePattern = "^[0-9]+(\\.[0-9]+)?[kM]?/(s|min|h)$";
constexpr std::array<TypeRow, 20> kTypes{{
    {Type::kName, "name", read_name, "^[a-z0-9-]{1,64}$"},
    {Type::kText, "text", read_text, ""},
    {Type::kPath, "path", read_path, ""},
    {Type::kCount, "count", read_count, kCountPattern},
    {Type::kFraction, "fraction", read_fraction, "^[0-9]+(\\.[0-9]+)?%?$"},
    {Type::kRate, "rate", read_rate, kRatePattern},
    {Type::kBytes, "size", read_bytes, kBytesPattern},
    {Type::kBitRate, "bit rate", read_bit_rate, "^[0-9]+(\\.[0-9]+)?[kMG]?bit/s$"},
    {Type::kDuration, "duration", read_duration,
     "^([0-9]+(\\.[0-9]+)?(h|min|m|s|ms|us|\xC2\xB5s|\xCE\xBCs|ns))+$"},
    {Type::kChoice, "choice", read_choice, ""},
    {Type::kByteRange, "[size, size]", read_bytes, kBytesPattern},
    {Type::kPayload, "size or map", read_bytes, kBytesPattern},
    {Type::kRateOver, "rate or map", read_rate, kRatePattern},
    {Type::kCountOver, "count or map", read_count, kCountPattern},
    {Type::kMap, "map", nullptr, ""},
    {Type::kSteps, "list of maps", nullptr, ""},
    {Type::kWeights, "list of numbers", read_weight, "^[0-9]+(\\.[0-9]+)?$"},
    {Type::kStrategies, "list of maps", nullptr, ""},
    {Type::kThresholds, "list of text", nullptr,
     "^[A-Za-z][A-Za-z0-9._-]* *(<|<=|==|>=|>) *[0-9].*$"},
    {Type::kFigures, "list of maps", nullptr, ""},
}};

const TypeRow& row_of(Type type) {
  const auto& row = kTypes.at(static_cast<std::size_t>(type));
  PUSHBENCH_CHECK(row.type == type);
  return row;
}

std::string bounds_text(const Key& key) {
  return fmt::format("{} to {}{}", key.low, key.high, reason_of(key));
}

bool within_bounds(const Key& key, const Value& value) {
  if (key.low.empty()) {
    return true;
  }
  const auto read = row_of(key.type).read;
  const auto low = read(key, key.low);
  const auto high = read(key, key.high);
  PUSHBENCH_CHECK(low && high);
  return value.real >= low->real && value.real <= high->real;
}

}  // namespace

std::string_view type_name(Type type) {
  return row_of(type).name;
}

std::string_view type_pattern(Type type) {
  return row_of(type).pattern;
}

std::string in_quotes(std::string_view text) {
  const bool cut = text.size() > kMaxShown;
  std::size_t length = cut ? kMaxShown : text.size();
  while (cut && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) {
    --length;  // not in the middle of a character
  }
  return fmt::format("'{}{}'", printable(text.substr(0, length)), cut ? "…" : "");
}

Result<Value> read_value(const Key& key, std::string_view text) {
  const auto read = row_of(key.type).read;
  PUSHBENCH_CHECK(read != nullptr);
  auto value = read(key, text);
  if (!value) {
    return usage(fmt::format("expected {}, got {}", value.error().text, in_quotes(text)));
  }
  if (!within_bounds(key, *value)) {
    return usage(fmt::format("expected {}, got {}", bounds_text(key), in_quotes(text)));
  }
  return value;
}

}  // namespace pushbench::plan
