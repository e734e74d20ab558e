#include "harness/plan/keys.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::plan {
namespace {

std::string failure_of(std::string_view path, std::string_view text) {
  const Key* key = find_key(path);
  const auto value = read_value(*key, text);
  return value ? "(accepted)" : value.error().text;
}

TEST(Value, SaysWhatWasExpectedAndWhatCame) {
  struct Case {
    std::string_view path, text, message;
  };
  const std::array<Case, 17> cases{{
      {"name", "chat-2", "(accepted)"},
      {"name", "../x", "expected 1 to 64 of the characters a-z, 0-9 and '-', got '../x'"},
      {"name", "Chat", "expected 1 to 64 of the characters a-z, 0-9 and '-', got 'Chat'"},
      {"about", "two\nlines",
       "expected one line of text, at most 300 bytes, without control characters, got "
       "'two\\x0alines'"},
      {"clients", "1k", "(accepted)"},
      {"clients", "0", "expected 1 to 1M, got '0'"},
      {"clients", "2M", "expected 1 to 1M, got '2M'"},
      {"clients", "many", "expected a whole number such as 1000, 1_000 or 10k, got 'many'"},
      {"events.rate", "fast", "expected a rate such as 100/s or 6/min, got 'fast'"},
      {"events.rate", "0/s", "expected 0.01/h to 1M/s, got '0/s'"},
      {"events.arrival", "random", "expected one of constant, poisson, burst, trace, got 'random'"},
      {"events.payload", "8B",
       "expected 16B to 1MiB (an event begins with its stamp of 16 bytes), got '8B'"},
      {"events.payload", "128", "expected a size such as 128B, 4kB or 1MiB, got '128'"},
      {"phases.measure", "999ms", "expected 1s to 24h, got '999ms'"},
      {"strategies[].polling.jitter", "0.6", "expected 0 to 0.5, got '0.6'"},
      {"strategies[].long-polling.hold", "61s",
       "expected 10ms to 1m (proxies and servers end requests that wait longer), got '61s'"},
      {"seed", "9007199254740992",
       "expected 0 to 9007199254740991 (JSON readers keep whole numbers exact up to there), got "
       "'9007199254740992'"},
  }};
  for (const auto& row : cases) {
    EXPECT_EQ(failure_of(row.path, row.text), row.message) << row.path << ' ' << row.text;
  }
}

TEST(Value, ReadsEveryTypeToItsBaseUnit) {
  EXPECT_EQ(read_value(*find_key("clients"), "10k")->count, 10'000U);
  EXPECT_DOUBLE_EQ(read_value(*find_key("events.rate"), "6/min")->real, 0.1);
  EXPECT_EQ(read_value(*find_key("events.payload"), "1kB")->count, 1'000U);
  EXPECT_EQ(read_value(*find_key("late"), "1m30s")->time, std::chrono::seconds(90));
  EXPECT_EQ(read_value(*find_key("events.arrival"), "burst")->count, 2U);
  EXPECT_DOUBLE_EQ(read_value(*find_key("strategies[].polling.jitter"), "10%")->real, 0.1);
  EXPECT_EQ(read_value(*find_key("events.payload.file"), "a/b.txt")->text, "a/b.txt");
}

TEST(Value, QuotedTextIsSafeAndShort) {
  EXPECT_EQ(in_quotes("\x1b[31m"), "'\\x1b[31m'");
  const auto cut = in_quotes(std::string(59, 'a') + "é" + std::string(100, 'b'));
  EXPECT_EQ(cut, "'" + std::string(59, 'a') + "…'");
}

}  // namespace
}  // namespace pushbench::plan
