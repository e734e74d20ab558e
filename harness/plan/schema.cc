// scenario_schema() and scenario_reference(): what the key table says, for editors and for readers.
#include "harness/base/check.h"
#include "harness/plan/binder.h"
#include "harness/plan/keys.h"
#include "harness/plan/threshold.h"
#include "harness/plan/units.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

namespace pushbench::plan {
namespace {

namespace json = boost::json;

json::string text(std::string_view value) {
  return json::string(json::string_view(value.data(), value.size()));
}

// Two spaces a level, so that the committed file shows readable differences.
void write_pretty(const json::value& value, std::string& out, const std::string& indent) {
  const std::string inner = indent + "  ";
  std::string_view separator = "\n";
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out += '{';
    for (const auto& [name, member] : *object) {
      out.append(std::exchange(separator, ",\n")).append(inner);
      out.append(json::serialize(text(std::string_view(name.data(), name.size())))).append(": ");
      write_pretty(member, out, inner);
    }
    out.append("\n").append(indent).append("}");
  } else if (const auto* array = value.if_array();
             array != nullptr && !array->empty() && !array->front().is_string()) {
    out += '[';
    for (const auto& item : *array) {
      out.append(std::exchange(separator, ",\n")).append(inner);
      write_pretty(item, out, inner);
    }
    out.append("\n").append(indent).append("]");
  } else if (value.is_double()) {
    out += fmt::format("{}", value.get_double());  // 0.5, where Boost.JSON writes 5E-1
  } else {
    out += json::serialize(value);
  }
}

json::object object_of(std::string_view parent);

json::object scalar_of(const Key& key) {
  json::object schema;
  schema["type"] = "string";
  if (const auto pattern = type_pattern(key.type); !pattern.empty()) {
    schema["pattern"] = text(pattern);
  }
  return schema;
}

json::object choice_of(const Key& key) {
  json::array choices;
  for (const auto choice : key.choices) {
    choices.push_back(text(choice));
  }
  return {{"enum", std::move(choices)}};
}

bool is_count(const Key& key) {
  return key.type == Type::kCount || key.type == Type::kCountOver;
}

// A number, or text with a multiplier or percent sign; bounds hold for the number.
json::object number_of(const Key& key) {
  json::object schema = scalar_of(key);
  const auto low = read_value(key, key.low);
  const auto high = read_value(key, key.high);
  PUSHBENCH_CHECK(low && high);
  const bool whole = is_count(key);
  schema["type"] = json::array{whole ? "integer" : "number", "string"};
  schema["minimum"] = whole ? json::value(low->count) : json::value(low->real);
  schema["maximum"] = whole ? json::value(high->count) : json::value(high->real);
  return schema;
}

json::object map_of(const Key& key) {
  return object_of(key.path);
}

json::object range_of(const Key& key) {
  return {{"type", "array"}, {"items", scalar_of(key)}, {"minItems", 2}, {"maxItems", 2}};
}

json::object one_of_the_keys_below(std::string_view parent) {
  json::object schema = object_of(parent);
  schema["minProperties"] = 1;
  schema["maxProperties"] = 1;
  return schema;
}

json::object either_of(const Key& key) {
  json::object alone = key.type == Type::kCountOver ? number_of(key) : scalar_of(key);
  return {{"anyOf", json::array{std::move(alone), one_of_the_keys_below(key.path)}}};
}

json::object steps_of(const Key& key) {
  return {{"type", "array"},
          {"items", object_of(std::string(key.path) + "[]")},
          {"minItems", 1},
          {"maxItems", kMaxProfileSteps}};
}

json::object weights_of(const Key& key) {
  return {{"type", "array"},
          {"items", number_of(key)},
          {"minItems", kHoursOfADay},
          {"maxItems", kHoursOfADay}};
}

json::object strategies_of(const Key& key) {
  json::object item = one_of_the_keys_below(std::string(key.path) + "[]");
  for (auto& [name, option] : item["properties"].as_object()) {
    option.as_object()["type"] = json::array{"object", "null"};  // "- websocket:" is enough
  }
  return {
      {"type", "array"}, {"items", std::move(item)}, {"minItems", 1}, {"maxItems", kMaxStrategies}};
}

json::object thresholds_of(const Key& key) {
  return {{"type", "array"}, {"items", scalar_of(key)}, {"maxItems", kMaxThresholds}};
}

json::object figures_of(const Key& key) {
  return {{"type", "array"},
          {"items", object_of(std::string(key.path) + "[]")},
          {"maxItems", kMaxFigures}};
}

struct Row {
  Type type;
  json::object (*make)(const Key&);
};
constexpr std::array<Row, 13> kShapes{{{Type::kCount, number_of},
                                       {Type::kFraction, number_of},
                                       {Type::kChoice, choice_of},
                                       {Type::kByteRange, range_of},
                                       {Type::kPayload, either_of},
                                       {Type::kRateOver, either_of},
                                       {Type::kCountOver, either_of},
                                       {Type::kSteps, steps_of},
                                       {Type::kWeights, weights_of},
                                       {Type::kMap, map_of},
                                       {Type::kStrategies, strategies_of},
                                       {Type::kThresholds, thresholds_of},
                                       {Type::kFigures, figures_of}}};

json::object shape_of(const Key& key) {
  for (const auto& row : kShapes) {
    if (row.type == key.type) {
      return row.make(key);
    }
  }
  return scalar_of(key);
}

std::string bounds_of(const Key& key) {
  if (!key.choices.empty()) {
    return fmt::format("{}", fmt::join(key.choices, ", "));
  }
  return key.low.empty() ? "" : fmt::format("{} to {}", key.low, key.high);
}

json::value default_of(const Key& key) {
  if (is_count(key) || key.type == Type::kFraction) {
    const auto value = read_value(key, key.fallback);
    PUSHBENCH_CHECK(value);
    return is_count(key) ? json::value(value->count) : json::value(value->real);
  }
  return text(key.fallback);
}

json::object property_of(const Key& key) {
  json::object schema;
  const bool bounded_text = !key.low.empty();
  schema["description"] = text(bounded_text ? fmt::format("{}. From {}.", key.about, bounds_of(key))
                                            : fmt::format("{}.", key.about));
  const json::object shape = shape_of(key);
  for (const auto& [name, value] : shape) {
    schema[name] = value;
  }
  if (!key.fallback.empty() && key.type != Type::kMap) {
    schema["default"] = default_of(key);
  }
  return schema;
}

json::object object_of(std::string_view parent) {
  json::object properties;
  json::array required;
  for (const Key* key : keys_below(parent)) {
    const auto name = text(last_name_of(key->path));
    properties[name] = property_of(*key);
    if (key->required) {
      required.push_back(name);
    }
  }
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  schema["additionalProperties"] = false;
  return schema;
}

std::string fallback_of(const Key& key) {
  if (key.required) {
    return "required";
  }
  return key.fallback.empty() || key.type == Type::kMap ? "" : fmt::format("`{}`", key.fallback);
}

}  // namespace

std::string scenario_schema() {
  json::object root{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                    {"title", "pushbench scenario"},
                    {"description", "The workload that every cell of a run shares."}};
  const json::object keys_of_root = object_of("");
  for (const auto& [name, value] : keys_of_root) {
    root[name] = value;
  }
  std::string out;
  write_pretty(root, out, "");
  return out + "\n";
}

std::string scenario_reference() {
  std::string out =
      "| key | type | default | allowed | meaning | example |\n|---|---|---|---|---|---|\n";
  for (const auto& key : keys()) {
    out += fmt::format("| `{}` | {} | {} | {} | {} | `{}` |\n", key.path, type_name(key.type),
                       fallback_of(key), bounds_of(key), key.about, key.example);
  }
  return out;
}

}  // namespace pushbench::plan
