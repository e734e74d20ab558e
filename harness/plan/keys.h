// The one table of scenario keys. The binder, the JSON Schema and the Markdown reference are all
// made from it, so that they cannot disagree: a new key is a new row. Paths are dotted;
// "strategies[]" stands for every item of the list. Defaults and bounds are written as a user would
// write them and read by the same parsers.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::plan {

enum class Type : std::uint8_t {
  kName,
  kText,
  kPath,
  kCount,
  kFraction,
  kRate,
  kBytes,
  kBitRate,
  kDuration,
  kChoice,
  kByteRange,   // two sizes, low and high
  kPayload,     // a size, or a map of exactly one of the keys below it
  kRateOver,    // a rate, or a map of exactly one of the keys below it
  kCountOver,   // a count, likewise
  kMap,         // the keys below it
  kSteps,       // a list of maps of the keys below it
  kWeights,     // a list of kHoursOfADay numbers
  kStrategies,  // a list of maps of exactly one of the keys below it
  kThresholds,  // a list of text
  kFigures,     // a list of maps of the keys below it
};

// A scalar after reading; which members are set depends on the type.
struct Value {
  std::string text = {};
  double real = 0;          // every number, in base units (ns, bytes, 1/s), to compare with bounds
  std::uint64_t count = 0;  // counts and bytes; of a choice, its index
  std::uint64_t high = 0;   // upper end of a byte range
  Nanos time{};
};

// What binding fills; `cell` is the strategy at hand.
struct Draft {
  Scenario scenario;
  StrategySpec cell;
  PublishedFigure figure;
  std::optional<Profile> rate, clients;     // that change over time
  std::string request_file, response_file;  // heads to replay
};

struct Key {
  std::string_view path;
  Type type = Type::kText;
  bool required = false;
  std::string_view fallback = {};        // empty: stays unset. "{}" of a map: bound though absent
  std::string_view low = {}, high = {};  // inclusive
  std::string_view why = {};             // the reason for bounds or choices, for the message
  std::span<const std::string_view> choices = {};
  std::string_view about;
  std::string_view example;
  void (*set)(Draft&, const Value&) = nullptr;
};

std::span<const Key> keys();
std::string_view parent_of(std::string_view path);     // "events" of "events.rate"
std::string_view last_name_of(std::string_view path);  // "rate"
const Key* find_key(std::string_view path);
std::vector<const Key*> keys_below(std::string_view parent);  // direct children, in table order

// Reads a scalar and holds it against the key's bounds. The failure says what was expected and what
// came; the caller adds where.
Result<Value> read_value(const Key& key, std::string_view text);

// How a type is named in the reference, and the pattern of its text in the schema (empty: any).
std::string_view type_name(Type type);
std::string_view type_pattern(Type type);

// Untrusted text for a message: escaped, quoted and cut to a readable length.
std::string in_quotes(std::string_view text);

}  // namespace pushbench::plan
