#include "harness/plan/binder.h"

#include "harness/base/check.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/plan/files.h"
#include "harness/plan/keys.h"
#include "harness/plan/strategies.h"
#include "harness/plan/threshold.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pushbench::plan {
namespace {

using Status = Result<void>;

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

// ", did you mean 'x'?" or what there is to choose from.
std::string hint(std::string_view word, std::string_view parent) {
  const auto names = names_below(parent);
  const auto near = did_you_mean(word, names);
  return near.empty() ? fmt::format("; known here: {}", fmt::join(names, ", ")) : near;
}

struct Flag {
  std::string_view name;
  std::string_view path;
  std::optional<std::string> Overrides::*value;
};
constexpr std::array<Flag, 10> kFlags{{{"--clients", "clients", &Overrides::clients},
                                       {"--topics", "topics", &Overrides::topics},
                                       {"--rate", "events.rate", &Overrides::rate},
                                       {"--payload", "events.payload", &Overrides::payload},
                                       {"--measure", "phases.measure", &Overrides::measure},
                                       {"--warmup", "phases.warmup", &Overrides::warmup},
                                       {"--ramp", "phases.ramp", &Overrides::ramp},
                                       {"--rtt", "link.rtt", &Overrides::rtt},
                                       {"--seed", "seed", &Overrides::seed},
                                       {"--repeats", "repeats", &Overrides::repeats}}};

class Binder {
 public:
  explicit Binder(const std::string& origin) : origin_(origin), places_(origin) {}

  Status all(const Node& root, const Overrides& overrides);
  Bound finish();

 private:
  // `path` is what a message shows ("strategies[2].polling.interval"); the key's own path is the
  // table's ("strategies[].polling.interval").
  Status one(const Key& key, const Node& node, const std::string& path);
  Status map(const Key& key, const Node& node, const std::string& path);
  Status members(const Node& node, std::string_view parent, const std::string& path);
  Status defaults(const Node& node, std::string_view parent, const std::string& path);
  Status scalar(const Key& key, const Node& node, const std::string& path);
  Status range(const Key& key, const Node& node, const std::string& path);
  Status payload(const Key& key, const Node& node, const std::string& path);
  Status strategies(const Key& key, const Node& node, const std::string& path);
  Status strategy(const Node& node, const std::string& path);
  Status thresholds(const Key& key, const Node& node, const std::string& path);
  Status figures(const Key& key, const Node& node, const std::string& path);
  Status flag(const Flag& flag, const std::string& text);
  Status keep_strategies(const std::vector<std::string>& wanted);

  Failure fail(const Node& node, const std::string& path, std::string_view text) const {
    const auto opening = path.empty() ? place_of(origin_, node)
                                      : fmt::format("{}: {}", place_of(origin_, node), path);
    return usage(fmt::format("{}: {}", opening, text));
  }

  const std::string& origin_;
  Draft draft_;
  Places places_;
  std::vector<std::string> cells_;
};

Status Binder::one(const Key& key, const Node& node, const std::string& path) {
  using Bind = Status (Binder::*)(const Key&, const Node&, const std::string&);
  struct Row {
    Type type;
    Bind bind;
  };
  static constexpr std::array<Row, 6> kStructured{{{Type::kMap, &Binder::map},
                                                   {Type::kByteRange, &Binder::range},
                                                   {Type::kPayload, &Binder::payload},
                                                   {Type::kStrategies, &Binder::strategies},
                                                   {Type::kThresholds, &Binder::thresholds},
                                                   {Type::kFigures, &Binder::figures}}};
  if (node.line != 0) {
    places_.note(path, place_of(origin_, node), false);
  }
  for (const auto& row : kStructured) {
    if (row.type == key.type) {
      return (this->*row.bind)(key, node, path);
    }
  }
  return scalar(key, node, path);
}

Status Binder::scalar(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kScalar) {
    return fail(node, path,
                fmt::format("expected one value such as {}, got {}", key.example, what_is(node)));
  }
  const auto value = read_value(key, node.text);
  if (!value) {
    return fail(node, path, value.error().text);
  }
  key.set(draft_, *value);
  return {};
}

Status Binder::map(const Key& key, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::kMap) {
    return fail(node, path,
                fmt::format("expected a map such as {}, got {}", key.example, what_is(node)));
  }
  if (key.set != nullptr) {
    key.set(draft_, {});
  }
  return members(node, key.path, path);
}

Status Binder::members(const Node& node, std::string_view parent, const std::string& path) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].text;
    const Key* key =
        name.find('.') == std::string::npos ? find_key(join_path(parent, name)) : nullptr;
    if (key == nullptr || name.find('[') != std::string::npos) {
      return fail(node.keys[i], path,
                  fmt::format("unknown key {}{}", in_quotes(name), hint(name, parent)));
    }
    if (auto done = one(*key, node.items[i], join_path(path, name)); !done) {
      return done;
    }
  }
  return defaults(node, parent, path);
}

Status Binder::defaults(const Node& node, std::string_view parent, const std::string& path) {
  for (const Key* key : keys_below(parent)) {
    const auto name = last_name_of(key->path);
    const bool given = std::any_of(node.keys.begin(), node.keys.end(),
                                   [&](const Node& k) { return k.text == name; });
    if (given) {
      continue;
    }
    if (key->required) {
      return fail(node, join_path(path, name),
                  fmt::format("missing; add {}: {}", name, key->example));
    }
    if (key->fallback.empty()) {
      continue;
    }
    Node absent;
    absent.kind = key->type == Type::kMap ? Node::Kind::kMap : Node::Kind::kScalar;
    absent.text = key->fallback;
    if (auto done = one(*key, absent, join_path(path, name)); !done) {
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

Status Binder::payload(const Key& key, const Node& node, const std::string& path) {
  draft_.scenario.events.payload = PayloadSpec();
  if (node.kind == Node::Kind::kScalar) {
    return scalar(key, node, path);
  }
  if (node.kind != Node::Kind::kMap || node.keys.size() != 1) {
    return fail(node, path,
                fmt::format("expected a size such as {}, or a map of one of {}; got {}",
                            key.example, fmt::join(names_below(key.path), ", "),
                            node.kind == Node::Kind::kMap ? fmt::format("{} keys", node.keys.size())
                                                          : what_is(node)));
  }
  return members(node, key.path, path);
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

Status Binder::flag(const Flag& flag, const std::string& text) {
  const Key* key = find_key(flag.path);
  PUSHBENCH_CHECK(key != nullptr);
  const auto value = read_value(*key, text);
  if (!value) {
    return usage(fmt::format("{}: {}", flag.name, value.error().text));
  }
  if (key->type == Type::kPayload) {
    draft_.scenario.events.payload = PayloadSpec();
  }
  key->set(draft_, *value);
  places_.note(std::string(flag.path), std::string(flag.name), true);
  return {};
}

Status Binder::keep_strategies(const std::vector<std::string>& wanted) {
  auto& cells = draft_.scenario.strategies;
  const auto kept = select_cells(cells, wanted);
  if (!kept) {
    return usage(fmt::format("--strategy: {}: {}", origin_, kept.error().text));
  }
  for (std::size_t to = 0; to < kept->size(); ++to) {
    std::swap(cells[to], cells[(*kept)[to]]);
    std::swap(cells_[to], cells_[(*kept)[to]]);
  }
  cells.resize(kept->size());
  cells_.resize(kept->size());
  return {};
}

Status Binder::all(const Node& root, const Overrides& overrides) {
  if (auto done = members(root, "", ""); !done) {
    return done;
  }
  for (const auto& row : kFlags) {
    const auto& text = overrides.*row.value;
    if (!text) {
      continue;
    }
    if (auto done = flag(row, *text); !done) {
      return done;
    }
  }
  return keep_strategies(overrides.strategies);
}

Bound Binder::finish() {
  draft_.scenario.origin = origin_;
  return Bound{std::move(draft_.scenario), std::move(places_), std::move(cells_),
               std::move(draft_.request_file), std::move(draft_.response_file)};
}

}  // namespace

void Places::note(const std::string& path, std::string place, bool is_flag) {
  opening_[path] = is_flag ? std::move(place) : fmt::format("{}: {}", place, path);
}

std::string Places::where(const std::string& path) const {
  const auto found = opening_.find(path);
  return found == opening_.end() ? fmt::format("{}: {}", origin_, path) : found->second;
}

Result<Bound> bind_scenario(const Node& root,
                            const std::string& origin,
                            const std::string& directory,
                            const Overrides& overrides) {
  Binder binder(origin);
  if (const auto done = binder.all(root, overrides); !done) {
    return done.error();
  }
  Bound bound = binder.finish();
  const auto read = read_files(bound, directory);
  return read ? Result<Bound>(std::move(bound)) : Result<Bound>(read.error());
}

}  // namespace pushbench::plan
