#include "harness/result/json_reader.h"

#include "harness/base/text.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse_options.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace pushbench::result {
namespace {

namespace json = boost::json;

const Json& nothing() {
  static const Json kNothing;
  return kNothing;
}

enum class Problem : std::uint8_t { kNone, kTooMany, kDoubled };

// Receives the parser's events and builds the tree; `stack` holds the containers that are open.
struct TreeHandler {
  // Boost.JSON asks for these names.
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_object_size = 2 * kMaxJsonValues;
  static constexpr std::size_t max_array_size = 2 * kMaxJsonValues;
  static constexpr std::size_t max_key_size = 65536;
  static constexpr std::size_t max_string_size = std::size_t{1} << 30U;
  // NOLINTEND(readability-identifier-naming)

  struct Open {
    Json node;
    std::string key;  // under which the next member goes
  };
  Json root;
  std::vector<Open> stack;
  std::string part;
  std::size_t values = 0;
  std::size_t max_values = kMaxJsonValues;
  Problem problem = Problem::kNone;
  std::string doubled;

  bool stop(Problem what, error_code& ec) {
    problem = what;
    ec = make_error_code(Errc::kLimit);
    return false;
  }

  bool put(Json node, error_code& ec) {
    if (++values > max_values) {
      return stop(Problem::kTooMany, ec);
    }
    if (stack.empty()) {
      root = std::move(node);
    } else if (auto* array = std::get_if<Json::Array>(&stack.back().node.content)) {
      array->push_back(std::move(node));
    } else {
      std::get<Json::Object>(stack.back().node.content)
          .push_back({std::move(stack.back().key), std::move(node)});
    }
    return true;
  }

  bool open(Json node) {
    stack.push_back({std::move(node), {}});
    return true;
  }

  bool close(error_code& ec) {
    Json node = std::move(stack.back().node);
    stack.pop_back();
    return put(std::move(node), ec);
  }

  bool keys_differ(const Json::Object& object) {
    std::vector<std::string_view> keys;
    keys.reserve(object.size());
    for (const auto& [key, value] : object) {
      keys.push_back(key);
    }
    std::sort(keys.begin(), keys.end());
    const auto twin = std::adjacent_find(keys.begin(), keys.end());
    if (twin == keys.end()) {
      return true;
    }
    doubled = *twin;
    return false;
  }

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_array_begin(error_code&) { return open({Json::Array()}); }
  bool on_array_end(std::size_t, error_code& ec) { return close(ec); }
  bool on_object_begin(error_code&) { return open({Json::Object()}); }
  bool on_object_end(std::size_t, error_code& ec) {
    if (!keys_differ(std::get<Json::Object>(stack.back().node.content))) {
      return stop(Problem::kDoubled, ec);
    }
    return close(ec);
  }
  bool on_key_part(json::string_view text, std::size_t, error_code&) {
    part.append(text.data(), text.size());
    return true;
  }
  bool on_key(json::string_view text, std::size_t, error_code&) {
    part.append(text.data(), text.size());
    stack.back().key = std::exchange(part, {});
    return true;
  }
  bool on_string_part(json::string_view text, std::size_t, error_code&) {
    part.append(text.data(), text.size());
    return true;
  }
  bool on_string(json::string_view text, std::size_t, error_code& ec) {
    part.append(text.data(), text.size());
    return put({std::exchange(part, {})}, ec);
  }
  // The text comes in one piece, because the parser is given the document in one piece.
  bool on_number_part(json::string_view, error_code&) { return true; }
  bool number(json::string_view text, error_code& ec) {
    return put({Json::Number{{text.data(), text.size()}}}, ec);
  }
  bool on_int64(std::int64_t, json::string_view text, error_code& ec) { return number(text, ec); }
  bool on_uint64(std::uint64_t, json::string_view text, error_code& ec) { return number(text, ec); }
  bool on_double(double, json::string_view text, error_code& ec) { return number(text, ec); }
  bool on_bool(bool flag, error_code& ec) { return put({flag}, ec); }
  bool on_null(error_code& ec) { return put({}, ec); }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }
};

// A text that ends within a character of several bytes.
bool ends_in_character(std::string_view text) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t back = 1; back <= std::min(kLongest, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte >= 0xC0U) {
      return back < (byte >= 0xF0U ? 4U : byte >= 0xE0U ? 3U : 2U);
    }
    if (byte < 0x80U) {
      return false;
    }
  }
  return false;
}

Failure syntax_failure(const TreeHandler& handler,
                       const error_code& ec,
                       std::size_t at,
                       std::string_view text,
                       const std::string& origin) {
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string where = origin + ":" + std::to_string(line) + ": ";
  if (handler.problem == Problem::kTooMany) {
    return usage(where + "more than " + std::to_string(handler.max_values) +
                 " values, which no result of pushbench has");
  }
  if (handler.problem == Problem::kDoubled) {
    return usage(where + "the key '" + printable(handler.doubled) +
                 "' stands twice in one object; was the file edited by hand?");
  }
  if (ec == json::error::incomplete || at == text.size() || ends_in_character(text)) {
    return usage(where +
                 "the JSON ends in the middle; the file was cut short, copy or run it again");
  }
  if (ec == json::error::too_deep) {
    return usage(where + "nested deeper than " + std::to_string(kMaxJsonDepth) +
                 " levels, which no result of pushbench is");
  }
  return usage(where + "not valid JSON (" + ec.message() + ")");
}

}  // namespace

Result<Json> parse_json(std::string_view text, const std::string& origin, std::size_t max_values) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::basic_parser<TreeHandler> parser(options);
  parser.handler().max_values = max_values;
  error_code ec;
  const auto used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) {
    ec = json::error::extra_data;
  }
  if (ec) {
    return syntax_failure(parser.handler(), ec, used, text, origin);
  }
  return std::move(parser.handler().root);
}

void ReadContext::fail(const std::string& path, const std::string& problem) {
  if (!failure_) {
    failure_ = usage(origin_ + ": " + (path.empty() ? "the document" : path) + " " + problem);
  }
}

std::string JsonView::below(std::string_view key) const {
  const std::string name = printable(key);
  return path_.empty() ? name : path_ + "." + name;
}

template <class T>
const T* JsonView::as(const char* wanted) const {
  const T* found = std::get_if<T>(&node_->content);
  if (found == nullptr) {
    constexpr std::array<const char*, 6> kKinds{"null",     "true or false", "a number",
                                                "a string", "an array",      "an object"};
    fail(std::string("must be ") + wanted + ", not " + kKinds.at(node_->content.index()));
  }
  return found;
}

std::optional<JsonView> JsonView::find(std::string_view key) const {
  const auto* object = as<Json::Object>("an object");
  if (object != nullptr) {
    for (const auto& [name, value] : *object) {
      if (name == key) {
        return JsonView(value, below(key), *context_);
      }
    }
  }
  return std::nullopt;
}

JsonView JsonView::at(std::string_view key) const {
  auto found = find(key);
  if (found) {
    return *std::move(found);
  }
  context_->fail(below(key), "is missing; the file is not a complete result");
  return {nothing(), below(key), *context_};
}

std::string JsonView::text() const {
  const auto* found = as<std::string>("a string");
  return found == nullptr ? std::string() : *found;
}

bool JsonView::boolean() const {
  const auto* found = as<bool>("true or false");
  return found != nullptr && *found;
}

namespace {

template <class T>
std::optional<T> convert(std::string_view text) {
  T value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  return ec == std::errc() && end == text.data() + text.size() ? std::optional<T>(value)
                                                               : std::nullopt;
}

}  // namespace

double JsonView::number() const {
  const auto* found = as<Json::Number>("a number");
  if (found == nullptr) {
    return 0;
  }
  const auto value = convert<double>(found->text);
  if (!value) {
    fail("is a number that no double holds");
  }
  return value.value_or(0);
}

std::uint64_t JsonView::whole(std::uint64_t most) const {
  const auto* found = as<Json::Number>("a whole number");
  if (found == nullptr) {
    return 0;
  }
  const auto value = convert<std::uint64_t>(found->text);
  if (!value || *value > most) {
    fail("must be a whole number from 0 to " + std::to_string(most));
    return 0;
  }
  return *value;
}

std::uint32_t JsonView::whole32() const {
  return static_cast<std::uint32_t>(whole(std::numeric_limits<std::uint32_t>::max()));
}

std::int64_t JsonView::nanos() const {
  return static_cast<std::int64_t>(whole(std::numeric_limits<std::int64_t>::max()));
}

std::vector<double> JsonView::numbers() const {
  std::vector<double> out;
  const auto* array = as<Json::Array>("an array of numbers");
  if (array == nullptr) {
    return out;
  }
  out.reserve(array->size());
  for (const auto& node : *array) {
    const auto* found = std::get_if<Json::Number>(&node.content);
    const auto value = found == nullptr ? std::nullopt : convert<double>(found->text);
    if (!value && !std::holds_alternative<std::monostate>(node.content)) {
      context_->fail(path_ + "[" + std::to_string(out.size()) + "]", "must be a number or null");
    }
    out.push_back(value.value_or(std::nan("")));
  }
  return out;
}

std::vector<JsonView> JsonView::items(std::size_t most) const {
  std::vector<JsonView> out;
  const auto* array = as<Json::Array>("an array");
  if (array == nullptr) {
    return out;
  }
  if (array->size() > most) {
    fail("must have at most " + std::to_string(most) + " items");
    return out;
  }
  for (const auto& node : *array) {
    out.emplace_back(node, path_ + "[" + std::to_string(out.size()) + "]", *context_);
  }
  return out;
}

std::vector<std::pair<std::string, JsonView>> JsonView::members() const {
  std::vector<std::pair<std::string, JsonView>> out;
  const auto* object = as<Json::Object>("an object");
  if (object != nullptr) {
    for (const auto& [name, value] : *object) {
      out.emplace_back(name, JsonView(value, below(name), *context_));
    }
  }
  return out;
}

}  // namespace pushbench::result
