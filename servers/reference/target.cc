#include "servers/reference/target.h"

#include "harness/base/text.h"
#include "harness/wire/http_head.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::servers {
namespace {

constexpr std::size_t kQuoted = 60;  // bytes of a client's text that an answer repeats

std::string quoted(std::string_view text) {
  return printable(text.substr(0, kQuoted));
}

Result<void> take_after(Query& query, std::string_view value) {
  if (query.after || query.latest) {
    return usage("The query key after comes twice.");
  }
  query.latest = value == "latest";
  query.after = query.latest ? std::nullopt : wire::parse_decimal(value);
  if (!query.after && !query.latest) {
    return usage(
        fmt::format("after={} is neither a sequence number nor the word latest.", quoted(value)));
  }
  return {};
}

Result<void> take_hold(Query& query, std::string_view value, Millis hold_max) {
  if (query.hold) {
    return usage("The query key hold comes twice.");
  }
  query.hold = parse_duration(value);
  if (!query.hold || *query.hold > hold_max) {
    return usage(fmt::format("hold={} is not a time of at most {} ms, written like 25s or 500ms.",
                             quoted(value), hold_max.count()));
  }
  return {};
}

Result<void> take_pair(Query& query, std::string_view pair, bool takes_hold, Millis hold_max) {
  const std::size_t equals = pair.find('=');
  const std::string_view key = pair.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
  if (key == "after") {
    return take_after(query, value);
  }
  if (key == "hold" && takes_hold) {
    return take_hold(query, value, hold_max);
  }
  return usage(fmt::format("The query key {} is unknown here; this endpoint takes {}.", quoted(key),
                           takes_hold ? "after and hold" : "after"));
}

}  // namespace

Target split_target(std::string_view target) noexcept {
  static constexpr std::string_view kScheme = "http://";
  Target out;
  if (target.starts_with(kScheme)) {
    target.remove_prefix(kScheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    out.authority = target.substr(0, end);
    target.remove_prefix(end);
    if (target.empty() || target[0] != '/') {
      out.path = "/";
    }
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  if (out.path.empty()) {
    out.path = target.substr(0, mark);
  }
  if (mark < target.size()) {
    out.query = target.substr(mark + 1);
  }
  return out;
}

std::optional<Millis> parse_duration(std::string_view text) noexcept {
  const bool millis = text.ends_with("ms");
  if (!millis && !text.ends_with('s')) {
    return std::nullopt;
  }
  text.remove_suffix(millis ? 2 : 1);
  const auto count = wire::parse_decimal(text);
  static constexpr std::uint64_t kMax = 1'000'000'000;
  if (!count || *count > kMax) {
    return std::nullopt;
  }
  const auto value = static_cast<std::int64_t>(*count);
  return millis ? Millis(value) : Millis(value * 1000);
}

Result<Query> parse_query(std::string_view query, bool takes_hold, Millis hold_max) {
  Query out;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const auto taken = take_pair(out, query.substr(0, end), takes_hold, hold_max);
    if (taken.has_error()) {
      return taken.error();
    }
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return out;
}

bool is_topic_name(std::string_view name, std::size_t max_size) noexcept {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '~' || c == '-';
  };
  return !name.empty() && name.size() <= max_size && std::all_of(name.begin(), name.end(), allowed);
}

}  // namespace pushbench::servers
