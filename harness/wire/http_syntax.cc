#include "harness/wire/http_syntax.h"

#include "harness/wire/scan.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace pushbench::wire {
namespace {

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t';
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_ip_literal(std::string_view text) noexcept {
  return text.size() > 2 && std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
           return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
         });
}

// Of what follows a coding: nothing, or one weight that is above 0 (RFC 9110 section 12.4.2).
bool has_weight(std::string_view parameters) noexcept {
  if (parameters.empty()) {
    return true;
  }
  constexpr std::size_t kLongest = 5;  // 0.001
  const auto text = trim(parameters.substr(1));
  const auto weight = text.substr(std::min<std::size_t>(text.size(), 2));
  const bool well =
      same_word(text.substr(0, 2), "q=") && weight.size() <= kLongest &&
      (weight.starts_with('0') || weight.starts_with('1')) &&
      (weight.size() == 1 || weight[1] == '.') &&
      std::ranges::all_of(weight.substr(std::min<std::size_t>(weight.size(), 2)), is_digit);
  return well && weight.find_first_of("123456789") != std::string_view::npos;
}

using ByteSet = std::array<bool, 256>;

template <class Holds>
constexpr ByteSet set_of(Holds holds) {
  ByteSet set{};
  for (std::size_t c = 0; c < set.size(); ++c) {
    set[c] = holds(static_cast<unsigned char>(c));
  }
  return set;
}

// RFC 3986 section 3.2.2 without the comma, which joins two Host fields into one.
constexpr ByteSet kRegName = set_of([](unsigned char c) {
  constexpr std::string_view kOthers = "-._~!$&'()*+;=%";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c < 0x80 && kOthers.find(static_cast<char>(c)) != std::string_view::npos);
});

constexpr ByteSet kTarget = set_of([](unsigned char c) {
  return c > 0x20 && c < 0x7F && c != '#' && c != '\\' && c != '"' && c != '<' && c != '>';
});

std::size_t until_not_in(const ByteSet& set, std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && set[static_cast<unsigned char>(text[at])]) {
    ++at;
  }
  return at;
}

bool is_reg_name(std::string_view text) noexcept {
  return !text.empty() && until_not_in(kRegName, text) == text.size();
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool lists_word(std::string_view value, std::string_view word) noexcept {
  for (;;) {
    const auto comma = value.find(',');
    if (same_word(trim(value.substr(0, comma)), word)) {
      return true;
    }
    if (comma == std::string_view::npos) {
      return false;
    }
    value.remove_prefix(comma + 1);
  }
}

bool accepts_coding(std::string_view value, std::string_view coding) noexcept {
  bool by_star = false;
  for (;;) {
    const auto comma = value.find(',');
    const auto element = value.substr(0, comma);
    const auto name = trim(element.substr(0, element.find(';')));
    if (same_word(name, coding)) {
      return has_weight(element.substr(std::min(element.find(';'), element.size())));
    }
    by_star = by_star || (name == "*" &&
                          has_weight(element.substr(std::min(element.find(';'), element.size()))));
    if (comma == std::string_view::npos) {
      return by_star;
    }
    value.remove_prefix(comma + 1);
  }
}

bool is_http_version(std::string_view text) noexcept {
  return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
         is_digit(text[7]);
}

bool is_host(std::string_view text) noexcept {
  auto host = text;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || !is_ip_literal(text.substr(0, end + 1))) {
      return false;
    }
    host = text.substr(0, end + 1);
  } else {
    host = text.substr(0, text.find(':'));
    if (!is_reg_name(host)) {
      return false;
    }
  }
  const auto port = text.substr(host.size());
  return port.empty() ||
         (port[0] == ':' && port.size() <= 6 && std::ranges::all_of(port.substr(1), is_digit));
}

std::optional<std::string_view> absolute_authority(std::string_view target) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (same_word(target.substr(0, scheme.size()), scheme)) {
      const auto rest = target.substr(scheme.size());
      return rest.substr(0, rest.find_first_of("/?"));
    }
  }
  return std::nullopt;
}

std::size_t until_foreign_to_target(std::string_view text) noexcept {
  return until_not_in(kTarget, text);
}

bool is_target(std::string_view target) noexcept {
  if (until_foreign_to_target(target) != target.size()) {
    return false;
  }
  const auto authority = absolute_authority(target);
  return target.starts_with('/') || (authority && is_host(*authority));
}

std::optional<std::uint64_t> etag_seq(std::string_view value) noexcept {
  if (value.starts_with("W/")) {
    value.remove_prefix(2);
  }
  if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"')) {
    return std::nullopt;
  }
  return parse_decimal(value.substr(1, value.size() - 2));
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto* last = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), last, value);
  const bool padded = text.size() > 1 && text[0] == '0';
  return ec == std::errc() && end == last && !padded ? std::optional(value) : std::nullopt;
}

}  // namespace pushbench::wire
