// What binds parts of a document that are not one value: lists, and values that may be maps.
#include "harness/base/check.h"
#include "harness/base/nearest.h"
#include "harness/plan/binding.h"
#include "harness/plan/strategies.h"
#include "harness/plan/threshold.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pushbench::plan {

std::string what_is(const Node& node) {
  constexpr std::array<std::string_view, 4> kNames{"nothing", "", "a list", "a map"};
  const auto name = kNames.at(static_cast<std::size_t>(node.kind));
  return name.empty() ? in_quotes(node.text) : std::string(name);
}

std::string join_path(std::string_view parent, std::string_view name) {
  return parent.empty() ? std::string(name) : fmt::format("{}.{}", parent, name);
}

std::vector<std::string_view> names_below(std::string_view parent) {
  std::vector<std::string_view> names;
  for (const Key* key : keys_below(parent)) {
    names.push_back(last_name_of(key->path));
  }
  return names;
}

std::string hint(std::string_view word, std::string_view parent) {
  const auto names = names_below(parent);
  const auto near = did_you_mean(word, names);
  return near.empty() ? fmt::format("; known here: {}", fmt::join(names, ", ")) : near;
}

namespace {

constexpr std::array<std::pair<Type, std::string_view>, 3> kAlone{
    {{Type::kPayload, "a size"}, {Type::kRateOver, "a rate"}, {Type::kCountOver, "a count"}}};

std::string_view alone(Type type) {
  const auto found = std::find_if(kAlone.begin(), kAlone.end(),
                                  [type](const auto& row) { return row.first == type; });
  PUSHBENCH_CHECK(found != kAlone.end());
  return found->second;
}

}  // namespace

// One value, or a map of one key.
Status Binder::either(const Key& key, const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::kScalar) {
    return scalar(key, node, path);
  }
  if (node.kind != Node::Kind::kMap || node.keys.size() != 1) {
    return fail(node, path,
                fmt::format("expected {} such as {}, or a map of one of {}; got {}",
                            alone(key.type), key.example, fmt::join(names_below(key.path), ", "),
                            node.kind == Node::Kind::kMap ? fmt::format("{} keys", node.keys.size())
                                                          : what_is(node)));
  }
  return members(node, key.path, path);
}

Status Binder::steps(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kList || node.items.empty()) {
    return fail(node, path,
                fmt::format("expected a list of steps such as {}, got {}", key.example,
                            node.kind == Node::Kind::kList ? "an empty list" : what_is(node)));
  }
  if (node.items.size() > kMaxProfileSteps) {
    return fail(node, path, fmt::format("at most {} steps", kMaxProfileSteps));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    const auto item_path = fmt::format("{}[{}]", path, i);
    key.set(draft_, {});
    auto done = item.kind == Node::Kind::kMap
                    ? members(item, std::string(key.path) + "[]", item_path)
                    : fail(item, item_path, "expected a map, got " + what_is(item));
    if (!done) {
      return done;
    }
  }
  return {};
}

Status Binder::weights(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kList || node.items.size() != kHoursOfADay) {
    return fail(
        node, path,
        fmt::format(
            "expected a list of {} numbers, one for each hour; got {}", kHoursOfADay,
            node.kind == Node::Kind::kList ? fmt::format("{}", node.items.size()) : what_is(node)));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (auto done = scalar(key, node.items[i], fmt::format("{}[{}]", path, i)); !done) {
      return done;
    }
  }
  return {};
}

Status Binder::range(const Key& key, const Node& node, const std::string& path) {
  const bool two = node.kind == Node::Kind::kList && node.items.size() == 2;
  if (!two || node.items[0].kind != Node::Kind::kScalar ||
      node.items[1].kind != Node::Kind::kScalar) {
    return fail(node, path, fmt::format("expected two sizes such as {}", key.example));
  }
  auto low = read_value(key, node.items[0].text);
  const auto high = read_value(key, node.items[1].text);
  if (!low || !high) {
    const Node& wrong = node.items[low ? 1 : 0];
    return fail(wrong, path, low ? high.error().text : low.error().text);
  }
  if (low->count > high->count) {
    return fail(node, path,
                fmt::format("expected the smaller size first, got [{}, {}]", node.items[0].text,
                            node.items[1].text));
  }
  low->high = high->count;
  key.set(draft_, *low);
  return {};
}

Status Binder::strategies(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kList || node.items.empty()) {
    return fail(node, path,
                fmt::format("expected a list of strategies such as {}, got {}", key.example,
                            node.kind == Node::Kind::kList ? "an empty list" : what_is(node)));
  }
  if (node.items.size() > kMaxStrategies) {
    return fail(node, path, fmt::format("at most {} cells", kMaxStrategies));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (auto done = strategy(node.items[i], fmt::format("{}[{}]", path, i)); !done) {
      return done;
    }
  }
  return {};
}

Status Binder::strategy(const Node& node, const std::string& path) {
  constexpr std::string_view kParent = "strategies[]";
  if (node.kind != Node::Kind::kMap) {
    return fail(node, path,
                fmt::format("expected a strategy with its options such as polling: {{interval: "
                            "1s}}, got {}; {}",
                            what_is(node), "without options write websocket: {}"));
  }
  if (node.keys.size() != 1) {
    return fail(node, path,
                fmt::format("expected one strategy, its options indented below it; got {} keys",
                            node.keys.size()));
  }
  const std::string& name = node.keys[0].text;
  const StrategyRow* row = find_strategy(name);
  if (row == nullptr) {
    return fail(node.keys[0], path,
                fmt::format("unknown strategy {}{}", in_quotes(name), hint(name, kParent)));
  }
  const Key* key = find_key(join_path(kParent, row->name));
  PUSHBENCH_CHECK(key != nullptr);
  draft_.cell = StrategySpec();
  draft_.cell.strategy = row->name;
  places_.note(path, place_of(origin_, node.keys[0]), false);
  Node options = node.items[0];
  if (options.kind == Node::Kind::kNull) {
    options.kind = Node::Kind::kMap;  // "- websocket:" says all there is to say
  }
  if (auto done = one(*key, options, join_path(path, row->name)); !done) {
    return done;
  }
  draft_.scenario.strategies.push_back(draft_.cell);
  cells_.push_back(path);
  return {};
}

Status Binder::thresholds(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kList || node.items.size() > kMaxThresholds) {
    return fail(node, path,
                fmt::format("expected a list of at most {} conditions such as {}, got {}",
                            kMaxThresholds, key.example, what_is(node)));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    const auto item_path = fmt::format("{}[{}]", path, i);
    if (item.kind != Node::Kind::kScalar) {
      return fail(item, item_path,
                  fmt::format("expected text such as latency.p99 < 20ms, got {}", what_is(item)));
    }
    auto threshold = parse_threshold(item.text);
    if (!threshold) {
      return fail(item, item_path, threshold.error().text);
    }
    threshold->line = item.line;
    draft_.scenario.thresholds.push_back(std::move(*threshold));
  }
  return {};
}

Status Binder::figures(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kList || node.items.size() > kMaxFigures) {
    return fail(node, path,
                fmt::format("expected a list of at most {} figures such as {}, got {}", kMaxFigures,
                            key.example, what_is(node)));
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    const auto item_path = fmt::format("{}[{}]", path, i);
    draft_.figure = PublishedFigure();
    if (auto done = item.kind == Node::Kind::kMap
                        ? members(item, "published[]", item_path)
                        : fail(item, item_path, "expected a map, got " + what_is(item));
        !done) {
      return done;
    }
    draft_.figure.says.line = item.line;
    draft_.scenario.published.push_back(std::move(draft_.figure));
  }
  return {};
}

}  // namespace pushbench::plan
