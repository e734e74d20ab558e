// The binder at work: a document's tree against the key table. Only binder.cc and binder_lists.cc
// see it; everybody else binds by bind_scenario (binder.h).
#pragma once

#include "harness/plan/binder.h"
#include "harness/plan/keys.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::plan {

using Status = Result<void>;

// A value that a flag replaces.
struct Flag {
  std::string_view name;
  std::string_view path;
  std::optional<std::string> Overrides::*value;
};

std::string what_is(const Node& node);
std::string join_path(std::string_view parent, std::string_view name);
std::vector<std::string_view> names_below(std::string_view parent);
// ", did you mean 'x'?" or what there is to choose from.
std::string hint(std::string_view word, std::string_view parent);

class Binder {
 public:
  explicit Binder(const std::string& origin);

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
  Status either(const Key& key, const Node& node, const std::string& path);
  Status steps(const Key& key, const Node& node, const std::string& path);
  Status weights(const Key& key, const Node& node, const std::string& path);
  Status strategies(const Key& key, const Node& node, const std::string& path);
  Status strategy(const Node& node, const std::string& path);
  Status thresholds(const Key& key, const Node& node, const std::string& path);
  Status figures(const Key& key, const Node& node, const std::string& path);
  Status flag(const Flag& flag, const std::string& text);
  Status keep_strategies(const std::vector<std::string>& wanted);

  Failure fail(const Node& node, const std::string& path, std::string_view text) const;

  const std::string& origin_;
  Draft draft_;
  Places places_;
  std::vector<std::string> cells_;
};

}  // namespace pushbench::plan
