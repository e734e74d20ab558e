#include "servers/reference/injection.h"

#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "servers/reference/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace pushbench::servers {
namespace {

constexpr Millis kLongest{60'000};
constexpr std::string_view kEvery = "every:";
constexpr std::uint32_t kMostBusyPercent = 1000;
constexpr Nanos kLongestBusy = std::chrono::milliseconds(1);
constexpr std::size_t kMostHeaderBytes = 64;
constexpr std::string_view kPerSecond = "/s";
constexpr std::uint64_t kHighestRate = 10'000'000;

struct Word {
  std::string_view name;
  std::string_view example;
  bool (*take)(std::string_view value, Injection& to);  // false: not understood
  bool (*given)(const Injection& injection);
};

bool take_time(std::string_view text, Millis& to, bool zero_allowed) {
  const auto parsed = parse_duration(text);
  if (!parsed || *parsed > kLongest || (parsed->count() == 0 && !zero_allowed)) {
    return false;
  }
  to = *parsed;
  return true;
}

bool take_delay(std::string_view value, Injection& to) {
  return take_time(value, to.delay, false);
}

bool take_stall(std::string_view value, Injection& to) {
  const auto at = value.find('@');
  return at != std::string_view::npos && take_time(value.substr(0, at), to.stall, false) &&
         take_time(value.substr(at + 1), to.stall_after, true);
}

bool take_count(std::string_view text, std::uint64_t most, std::uint64_t& to) {
  const char* const end = text.data() + text.size();
  std::uint64_t count = 0;
  const auto [stop, ec] = std::from_chars(text.data(), end, count);
  if (ec != std::errc() || stop != end || count == 0 || count > most) {
    return false;
  }
  to = count;
  return true;
}

bool take_rate(std::string_view value, Injection& to) {
  if (!value.ends_with(kPerSecond)) {
    return false;
  }
  value.remove_suffix(kPerSecond.size());
  return take_count(value, kHighestRate, to.rate);
}

template <std::uint64_t Injection::*Field>
bool take_every(std::string_view value, Injection& to) {
  if (!value.starts_with(kEvery)) {
    return false;
  }
  value.remove_prefix(kEvery.size());
  return take_count(value, std::numeric_limits<std::uint64_t>::max(), to.*Field);
}

template <class Number>
std::optional<Number> number_before(std::string_view text, std::string_view unit) {
  if (!text.ends_with(unit)) {
    return std::nullopt;
  }
  text.remove_suffix(unit.size());
  Number number{};
  const auto [stop, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = ec == std::errc() && stop == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

bool take_busy(std::string_view value, Injection& to) {
  if (const auto percent = number_before<std::uint32_t>(value, "%")) {
    to.busy_share = *percent / 100.0;
    return *percent > 0 && *percent <= kMostBusyPercent;
  }
  for (const auto& [unit, length] : {std::pair("ns", Nanos(1)), std::pair("us", Nanos(1'000))}) {
    if (const auto count = number_before<std::uint32_t>(value, unit)) {
      to.busy = *count * length;
      return to.busy.count() > 0 && to.busy <= kLongestBusy;
    }
  }
  return false;
}

bool take_header(std::string_view value, Injection& to) {
  const auto bytes = number_before<std::uint32_t>(value, "");
  to.header = bytes.value_or(0);
  return to.header > 0 && to.header <= kMostHeaderBytes;
}

constexpr std::array kWords{
    Word{"delay", "delay=20ms", take_delay, [](const Injection& i) { return i.delay.count() > 0; }},
    Word{"stall", "stall=1s@3s", take_stall,
         [](const Injection& i) { return i.stall.count() > 0; }},
    Word{"rate", "rate=5000/s", take_rate, [](const Injection& i) { return i.rate > 0; }},
    Word{"lose", "lose=every:10", take_every<&Injection::lose>,
         [](const Injection& i) { return i.lose > 0; }},
    Word{"duplicate", "duplicate=every:10", take_every<&Injection::duplicate>,
         [](const Injection& i) { return i.duplicate > 0; }},
    Word{"reorder", "reorder=every:10", take_every<&Injection::reorder>,
         [](const Injection& i) { return i.reorder > 0; }},
    Word{"truncate", "truncate=every:50", take_every<&Injection::truncate>,
         [](const Injection& i) { return i.truncate > 0; }},
    Word{"busy", "busy=500ns (at most 1000us) or busy=10% (at most 1000%)", take_busy,
         [](const Injection& i) { return i.slows(); }},
    Word{"header", "header=1 (at most 64)", take_header,
         [](const Injection& i) { return i.header > 0; }},
};

Failure unknown(std::string_view name) {
  std::array<std::string_view, kWords.size()> names;
  std::transform(kWords.begin(), kWords.end(), names.begin(),
                 [](const Word& word) { return word.name; });
  return usage(fmt::format("--inject: unknown word '{}'{} (words: {})", printable(name),
                           did_you_mean(name, names), fmt::join(names, ", ")));
}

Result<void> take_word(std::string_view text, Injection& to) {
  const auto equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const auto* const word = std::find_if(kWords.begin(), kWords.end(),
                                        [name](const Word& known) { return known.name == name; });
  if (word == kWords.end()) {
    return unknown(name);
  }
  if (word->given(to)) {
    return usage(fmt::format("--inject: {} comes twice", name));
  }
  if (equals == std::string_view::npos || !word->take(text.substr(equals + 1), to)) {
    return usage(
        fmt::format("--inject: '{}' is not understood; it is written like {}, with times "
                    "of at most {} s and counts of at least 1",
                    printable(text), word->example, kLongest.count() / 1000));
  }
  return {};
}

}  // namespace

Result<void> add_injection(std::string_view spec, Injection& to) {
  for (;;) {
    const auto end = std::min(spec.find(','), spec.size());
    auto taken = take_word(spec.substr(0, end), to);
    if (taken.has_error() || end == spec.size()) {
      return taken;
    }
    spec.remove_prefix(end + 1);
  }
}

}  // namespace pushbench::servers
