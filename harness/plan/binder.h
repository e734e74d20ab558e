// From the tree of a document to a Scenario, by the key table: unknown keys, wrong types and values
// out of bounds are failures that say where. Also remembers where each value came from, so that the
// checks of combinations (checks.h) can point there.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/document.h"
#include "harness/plan/scenario.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::plan {

inline constexpr std::size_t kMaxStrategies = 64;
inline constexpr std::size_t kMaxFigures = 64;

// Where values came from: path -> "chat.yaml:7:3" or "--rate".
class Places {
 public:
  explicit Places(std::string origin) : origin_(std::move(origin)) {}
  void note(const std::string& path, std::string place, bool is_flag);
  // The opening of a message about `path`: "chat.yaml:7:3: events.rate", "--rate", or
  // "chat.yaml: events.rate" when only its default is in force.
  std::string where(const std::string& path) const;
  bool given(const std::string& path) const { return opening_.contains(path); }  // not by a default
  const std::string& origin() const { return origin_; }

 private:
  std::string origin_;
  std::map<std::string, std::string, std::less<>> opening_;
};

struct Bound {
  Scenario scenario;
  Places places;
  std::vector<std::string> cells;           // "strategies[2]": the path of every cell that was kept
  std::string request_file, response_file;  // heads to replay, empty for none
};

// Payload and trace files are read, and overrides are applied; combinations are not checked yet.
Result<Bound> bind_scenario(const Node& root,
                            const std::string& origin,
                            const std::string& directory,
                            const Overrides& overrides);

}  // namespace pushbench::plan
