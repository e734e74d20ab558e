// The request target of the native dialect: path, topic and query. Strict, since a misspelt key
// that is silently ignored makes a client wait for the wrong thing: unknown and doubled keys are
// refused with a sentence. Nothing is percent-decoded; no name or value needs it.
#pragma once

#include "harness/base/error.h"
#include "servers/reference/limits.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pushbench::servers {

struct Target {
  std::string_view authority;  // of the absolute form "http://host/path", RFC 9112 section 3.2.2
  std::string_view path;
  std::string_view query;  // without "?"
};
Target split_target(std::string_view target) noexcept;

struct Query {
  std::optional<std::uint64_t> after;
  bool latest = false;  // after=latest
  std::optional<Millis> hold;
};
// `takes_hold`: whether the endpoint knows the key hold.
Result<Query> parse_query(std::string_view query, bool takes_hold, Millis hold_max);

bool is_topic_name(std::string_view name, std::size_t max_size) noexcept;

// "25s", "500ms"; nullopt when it is neither.
std::optional<Millis> parse_duration(std::string_view text) noexcept;

}  // namespace pushbench::servers
