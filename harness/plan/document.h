// YAML text to a small tree that remembers where everything stands. Stricter than YAML, so that a
// scenario means what it looks like: no anchors or aliases (which also takes away exponential
// expansion), no tags, one document, keys are plain text and unique, no control bytes. Bounded in
// size, depth and nodes; refuses at the first offence, so that hostile text costs no more than its
// own length. JSON is read too, being a subset. Every scalar stays text: units.h reads it.
#pragma once

#include "harness/base/error.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::plan {

inline constexpr std::size_t kMaxScenarioNodes = 5'000;

struct Node {
  enum class Kind : unsigned char { kNull, kScalar, kList, kMap };
  Kind kind = Kind::kNull;
  std::string text;         // of a scalar
  int line = 0;             // from 1; 0: not from a file
  int column = 0;           // from 1, in bytes
  std::vector<Node> keys;   // of a map, scalars, in step with `items`
  std::vector<Node> items;  // of a map or list
};

// The root, a map. `origin` opens every message ("chat.yaml:7:3: …").
Result<Node> parse_document(std::string_view text, const std::string& origin);

// "chat.yaml:7:3", or `origin` alone for a node that is not from a file.
std::string place_of(const std::string& origin, const Node& node);

}  // namespace pushbench::plan
