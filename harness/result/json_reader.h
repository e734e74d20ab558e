// Reads JSON that may be cut short, foreign, edited by hand or hostile. parse_json() bounds depth
// and number of values and refuses doubled keys; JsonView walks the tree and knows the key path of
// where it stands. The first thing that is wrong is kept in the ReadContext as one sentence
// ("file: cells[2].clients must be …") and every read after it gives an empty value, so that
// callers read straight on and look once, at the end. Numbers keep their text: Boost.JSON 1.81
// rounds a double that is not exact, std::from_chars does not.
#pragma once

#include "harness/base/error.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pushbench::result {

inline constexpr std::size_t kMaxJsonDepth = 32;
inline constexpr std::size_t kMaxJsonValues = 10'000'000;

struct Json {
  struct Number {
    std::string_view text;  // into the text that was parsed
  };
  using Array = std::vector<Json>;
  struct Member;
  using Object = std::vector<Member>;
  std::variant<std::monostate, bool, Number, std::string, Array, Object> content;
};

struct Json::Member {
  std::string key;
  Json value;
};

// The tree points into `text`, which must outlive it. `origin` names the text in messages.
Result<Json> parse_json(std::string_view text,
                        const std::string& origin,
                        std::size_t max_values = kMaxJsonValues);

class ReadContext {
 public:
  explicit ReadContext(std::string origin) : origin_(std::move(origin)) {}
  void fail(const std::string& path, const std::string& problem);
  const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  std::string origin_;
  std::optional<Failure> failure_;
};

class JsonView {
 public:
  JsonView(const Json& node, std::string path, ReadContext& context)
      : node_(&node), path_(std::move(path)), context_(&context) {}

  JsonView at(std::string_view key) const;                   // fails when it is missing
  std::optional<JsonView> find(std::string_view key) const;  // may be missing

  std::string text() const;
  bool boolean() const;
  double number() const;  // finite
  // A whole number in [0, most].
  std::uint64_t whole(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;
  std::uint32_t whole32() const;
  std::int64_t nanos() const;  // a whole number in [0, 2^63)
  // null reads as NaN: a point that was not measured.
  std::vector<double> numbers() const;
  std::vector<JsonView> items(std::size_t most) const;
  std::vector<std::pair<std::string, JsonView>> members() const;

  void fail(const std::string& problem) const { context_->fail(path_, problem); }

 private:
  template <class T>
  const T* as(const char* wanted) const;
  std::string below(std::string_view key) const;
  const Json* node_;
  std::string path_;
  ReadContext* context_;
};

}  // namespace pushbench::result
