#include "harness/plan/binder.h"

#include "harness/base/check.h"
#include "harness/plan/binding.h"
#include "harness/plan/files.h"
#include "harness/plan/profile_rules.h"
#include "harness/plan/strategies.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pushbench::plan {
namespace {

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

}  // namespace

Binder::Binder(const std::string& origin) : origin_(origin), places_(origin) {}

Failure Binder::fail(const Node& node, const std::string& path, std::string_view text) const {
  const auto opening =
      path.empty() ? place_of(origin_, node) : fmt::format("{}: {}", place_of(origin_, node), path);
  return usage(fmt::format("{}: {}", opening, text));
}

Status Binder::one(const Key& key, const Node& node, const std::string& path) {
  using Bind = Status (Binder::*)(const Key&, const Node&, const std::string&);
  struct Row {
    Type type;
    Bind bind;
  };
  static constexpr std::array<Row, 10> kStructured{{{Type::kMap, &Binder::map},
                                                    {Type::kByteRange, &Binder::range},
                                                    {Type::kPayload, &Binder::either},
                                                    {Type::kRateOver, &Binder::either},
                                                    {Type::kCountOver, &Binder::either},
                                                    {Type::kSteps, &Binder::steps},
                                                    {Type::kWeights, &Binder::weights},
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

Status Binder::flag(const Flag& flag, const std::string& text) {
  const Key* key = find_key(flag.path);
  PUSHBENCH_CHECK(key != nullptr);
  const auto value = read_value(*key, text);
  if (!value) {
    return usage(fmt::format("{}: {}", flag.name, value.error().text));
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
  if (draft_.rate) {
    draft_.scenario.events.profile = std::make_shared<const Profile>(std::move(*draft_.rate));
  }
  if (draft_.clients) {
    draft_.scenario.clients_profile = std::make_shared<const Profile>(std::move(*draft_.clients));
  }
  return Bound{std::move(draft_.scenario), std::move(places_), std::move(cells_),
               std::move(draft_.request_file), std::move(draft_.response_file)};
}

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
  auto read = read_files(bound, directory);
  if (read) {
    read = settle_profiles(bound);
  }
  return read ? Result<Bound>(std::move(bound)) : Result<Bound>(read.error());
}

}  // namespace pushbench::plan
