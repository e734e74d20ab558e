#include "harness/gate/policy_file.h"

#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/gate/comparison.h"
#include "harness/plan/document.h"
#include "harness/plan/keys.h"
#include "harness/plan/payload_file.h"
#include "harness/plan/scenario.h"
#include "harness/plan/units.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <chrono>
#include <span>

namespace pushbench::gate {
namespace {

using plan::Node;
using Status = Result<void>;

constexpr auto kPolicyKeys =
    std::to_array<std::string_view>({"gate", "accept", "significance", "confidence"});
constexpr auto kGateKeys = std::to_array<std::string_view>({"metric", "effect"});
constexpr auto kAcceptKeys = std::to_array<std::string_view>({"metric", "cell", "reason", "until"});

// "2027-01-31", and a day that exists.
bool is_date(std::string_view text) {
  constexpr std::size_t kLength = 10;
  if (text.size() != kLength || text[4] != '-' || text[7] != '-') {
    return false;
  }
  const auto number = [text](std::size_t from, std::size_t size) {
    int value = -1;
    const char* last = text.data() + from + size;
    const auto [stop, ec] = std::from_chars(text.data() + from, last, value);
    return ec == std::errc() && stop == last ? value : -1;
  };
  const int month = number(5, 2);
  const int day = number(8, 2);
  return number(0, 4) >= 0 && month > 0 && day > 0 &&
         std::chrono::year_month_day(std::chrono::year(number(0, 4)),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
             .ok();
}

class PolicyBinder {
 public:
  explicit PolicyBinder(const std::string& origin) : origin_(origin) {
    policy_ = default_policy();
    policy_.origin = origin;
  }

  Status all(const Node& root) {
    auto status = known_keys(root, "", kPolicyKeys);
    const Node* gate = find(root, "gate");
    if (status && gate != nullptr) {
      policy_.metrics.clear();
      status = list(*gate, "gate", &PolicyBinder::gated);
    }
    const Node* accept = find(root, "accept");
    if (status && accept != nullptr) {
      status = list(*accept, "accept", &PolicyBinder::accepted);
    }
    if (status) {
      status = fraction(root, "significance", policy_.significance);
    }
    if (status) {
      status = fraction(root, "confidence", policy_.confidence);
    }
    return status;
  }
  Policy take() { return std::move(policy_); }

 private:
  using Bind = Status (PolicyBinder::*)(const Node&, const std::string&);

  Failure wrong(const Node& node, const std::string& path, std::string_view text) const {
    return usage(fmt::format("{}: {}{}{}", plan::place_of(origin_, node), path,
                             path.empty() ? "" : ": ", text));
  }

  static const Node* find(const Node& map, std::string_view key) {
    for (std::size_t i = 0; i < map.keys.size(); ++i) {
      if (map.keys[i].text == key) {
        return &map.items[i];
      }
    }
    return nullptr;
  }

  Status known_keys(const Node& map,
                    const std::string& path,
                    std::span<const std::string_view> known) const {
    if (map.kind != Node::Kind::kMap) {
      return wrong(map, path, fmt::format("expected a map of {}", fmt::join(known, ", ")));
    }
    for (const auto& key : map.keys) {
      if (std::find(known.begin(), known.end(), key.text) == known.end()) {
        const auto hint = did_you_mean(key.text, known);
        return wrong(
            key, path,
            fmt::format(
                "unknown key {}{}", plan::in_quotes(key.text),
                hint.empty() ? fmt::format("; known here: {}", fmt::join(known, ", ")) : hint));
      }
    }
    return {};
  }

  Status list(const Node& node, const std::string& path, Bind bind) {
    if (node.kind != Node::Kind::kList || node.items.size() > kMaxPolicyItems) {
      return wrong(node, path, fmt::format("expected a list of at most {} maps", kMaxPolicyItems));
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (auto bound = (this->*bind)(node.items[i], fmt::format("{}[{}]", path, i)); !bound) {
        return bound;
      }
    }
    return {};
  }

  // A scalar that has to be there.
  Result<const Node*> text_of(const Node& map,
                              const std::string& path,
                              std::string_view key) const {
    const Node* node = find(map, key);
    if (node == nullptr) {
      return wrong(map, path, fmt::format("the key '{}' is missing", key));
    }
    if (node->kind != Node::Kind::kScalar || node->text.empty()) {
      return wrong(*node, fmt::format("{}.{}", path, key), "expected a text");
    }
    return node;
  }

  Status fraction(const Node& map, const std::string& key, double& to) const {
    const Node* node = find(map, key);
    if (node == nullptr) {
      return {};
    }
    const auto value = plan::parse_fraction(node->text);
    if (node->kind != Node::Kind::kScalar || !value || !(*value > 0 && *value < 1)) {
      return wrong(*node, key,
                   fmt::format("expected a share between 0 and 1 such as 0.01 or 95%, got {}",
                               plan::in_quotes(node->text)));
    }
    to = *value;
    return {};
  }

  Failure no_metric(const Node& node, const std::string& path) const {
    std::vector<std::string_view> names;
    for (const auto& metric : result::metrics()) {
      names.push_back(metric.name);
    }
    const auto hint = did_you_mean(node.text, names);
    return wrong(node, path + ".metric",
                 fmt::format("{} is no metric{}", plan::in_quotes(node.text),
                             hint.empty() ? "; reports/README.md lists them" : hint));
  }

  Status gated(const Node& node, const std::string& path) {
    if (auto known = known_keys(node, path, kGateKeys); !known) {
      return known;
    }
    const auto name = text_of(node, path, "metric");
    const auto effect = text_of(node, path, "effect");
    if (!name || !effect) {
      return name ? effect.error() : name.error();
    }
    const auto* metric = result::find_threshold_metric((*name)->text);
    if (metric == nullptr) {
      return no_metric(**name, path);
    }
    if (metric->better == result::Better::kNeither) {
      return wrong(
          **name, path + ".metric",
          fmt::format("{} has no better side, so that nothing can be gated on it", metric->name));
    }
    for (const auto& other : policy_.metrics) {
      if (other.metric == metric) {
        return wrong(**name, path + ".metric", fmt::format("{} is gated twice", metric->name));
      }
    }
    const auto share = plan::parse_fraction((*effect)->text);
    if (!share || !(*share >= 0 && *share < 1)) {
      return wrong(**effect, path + ".effect",
                   fmt::format("expected a share such as 5% or 0.05, got {}",
                               plan::in_quotes((*effect)->text)));
    }
    policy_.metrics.push_back({.metric = metric, .least_effect = *share});
    return {};
  }

  // The name of a finding: a metric, or a tier and perhaps a count of it.
  std::optional<std::string> finding(const std::string& text) const {
    for (const auto tier : {Tier::kExact, Tier::kAudit, Tier::kModel}) {
      const std::string name(tier_name(tier));
      if (text == name || (text.starts_with(name + ".") && text.size() > name.size() + 1)) {
        return text;
      }
    }
    const auto* metric = result::find_threshold_metric(text);
    return metric == nullptr ? std::nullopt : std::optional(std::string(metric->name));
  }

  Status accepted(const Node& node, const std::string& path) {
    if (auto known = known_keys(node, path, kAcceptKeys); !known) {
      return known;
    }
    const auto name = text_of(node, path, "metric");
    const auto reason = text_of(node, path, "reason");
    const auto until = text_of(node, path, "until");
    for (const auto* given : {&name, &reason, &until}) {
      if (!*given) {
        return given->error();
      }
    }
    const auto metric = finding((*name)->text);
    if (!metric) {
      return no_metric(**name, path);
    }
    if (!is_date((*until)->text)) {
      return wrong(**until, path + ".until",
                   fmt::format("expected a day such as 2027-01-31, got {}",
                               plan::in_quotes((*until)->text)));
    }
    const Node* cell = find(node, "cell");
    policy_.accepted.push_back({.metric = *metric,
                                .cell = cell == nullptr ? "" : cell->text,
                                .reason = (*reason)->text,
                                .until = (*until)->text});
    return {};
  }

  const std::string& origin_;
  Policy policy_;
};

}  // namespace

Result<Policy> parse_policy(std::string_view text, const std::string& origin) {
  const auto root = plan::parse_document(text, origin);
  if (!root) {
    return root.error();
  }
  PolicyBinder binder(origin);
  if (const auto bound = binder.all(*root); !bound) {
    return bound.error();
  }
  return binder.take();
}

Result<Policy> load_policy(const std::string& path) {
  const auto text = plan::read_small_file(path, plan::kMaxScenarioBytes);
  if (!text) {
    return text.error();
  }
  return parse_policy(*text, path);
}

}  // namespace pushbench::gate
