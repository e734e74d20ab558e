#include "harness/wire/scan.h"

#include "harness/base/random.h"
#include "harness/base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace pushbench::wire {
namespace {

TEST(Scan, FindsEachKindOfByteAtEveryPlace) {
  for (std::size_t size = 0; size < 600; size += size < 40 ? 1 : 53) {
    const std::string plain(size, 'x');
    EXPECT_EQ(until_line_end(plain), size);
    EXPECT_EQ(until_escape(plain), size);
    EXPECT_EQ(until_non_ascii(plain), size);
    for (std::size_t at = 0; at < size; ++at) {
      auto text = plain;
      text[at] = at % 2 == 0 ? '\r' : '\n';
      EXPECT_EQ(until_line_end(text), at);
      EXPECT_EQ(until_escape(text), at);
      EXPECT_EQ(until_non_ascii(text), size);
      text[at] = at % 2 == 0 ? '\x80' : '\xFF';
      EXPECT_EQ(until_non_ascii(text), at);
      EXPECT_EQ(until_escape(text), size);
    }
  }
}

TEST(Scan, TheFirstOfCrAndLfCounts) {
  EXPECT_EQ(until_line_end("ab\r\n"), 2U);
  EXPECT_EQ(until_line_end("ab\n\r"), 2U);
  EXPECT_EQ(until_line_end(std::string(300, 'x') + "\r" + std::string(300, 'x') + "\n"), 300U);
  EXPECT_EQ(until_line_end(std::string(300, 'x') + "\n" + std::string(300, 'x') + "\r"), 300U);
}

TEST(Scan, EscapesAreExactlyControlsQuoteAndBackslash) {
  for (int c = 0; c < 256; ++c) {
    const std::string text = "1234" + std::string(1, static_cast<char>(c)) + "678901";
    const bool escaped = c < 0x20 || c == '"' || c == '\\';
    EXPECT_EQ(until_escape(text), escaped ? 4U : text.size()) << c;
  }
}

TEST(Scan, EveryByteEndsTheScansThatItShould) {
  for (int c = 0; c < 256; ++c) {
    const auto text = "12345678" + std::string(1, static_cast<char>(c)) + "0123456";
    EXPECT_EQ(until_control(text), c < 0x20 || c == 0x7F ? 8U : text.size()) << c;
    EXPECT_EQ(until_no_token(text), is_token_char(static_cast<char>(c)) ? text.size() : 8U) << c;
    EXPECT_EQ(until_escape(text), c < 0x20 || c == '"' || c == '\\' ? 8U : text.size()) << c;
  }
}

// Table 3-7 of the Unicode standard: the edges of every row, inside and outside.
TEST(Scan, Utf8KnowsTheEdges) {
  for (const std::string_view good :
       {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "12345678\xC3\xA9 12345678"}) {
    EXPECT_TRUE(well_formed_utf8(good)) << printable(good);
  }
  for (const std::string_view malformed :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xE1\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
        "12345678\xC3"}) {
    EXPECT_FALSE(well_formed_utf8(malformed)) << printable(malformed);
  }
}

TEST(Scan, Utf8AgreesWithTheSlowReading) {
  constexpr std::string_view kBytes =
      "a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC1\xC2\xE0\xED\xEF\xF0\xF4\xF5";
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto left = random.below(12); left > 0; --left) {
      text.push_back(kBytes[random.below(kBytes.size())]);
    }
    ASSERT_EQ(well_formed_utf8(text), is_utf8(text)) << printable(text);
    std::string mended;
    append_lossy_utf8(mended, text);
    ASSERT_TRUE(well_formed_utf8(mended)) << printable(text);
    if (well_formed_utf8(text)) {
      ASSERT_EQ(mended, text);
    }
  }
}

// The examples of Unicode 15, section 3.9, tables 3-8 to 3-11.
TEST(Scan, MalformedSequencesBecomeOneReplacementEach) {
  const auto count = [](std::string_view text) {
    std::string mended;
    append_lossy_utf8(mended, text);
    std::size_t found = 0;
    for (auto at = mended.find("\xEF\xBF\xBD"); at != std::string::npos;
         at = mended.find("\xEF\xBF\xBD", at + 3)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), 8U);
  EXPECT_EQ(count("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), 8U);
  EXPECT_EQ(count("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), 7U);
  EXPECT_EQ(count("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), 4U);
}

TEST(Scan, TokensAndNumbers) {
  for (const char c : std::string_view("!#$%&'*+-.^_`|~09azAZ")) {
    EXPECT_TRUE(is_token_char(c)) << c;
  }
  for (const char c : std::string_view("\"(),/:;<=>?@[\\]{} \t\x7F\x80\xFF")) {
    EXPECT_FALSE(is_token_char(c)) << c;
  }
  EXPECT_FALSE(is_token_char('\0'));
  std::string out;
  append_decimal(out, 0);
  append_decimal(out, std::numeric_limits<unsigned long long>::max());
  EXPECT_EQ(out, "018446744073709551615");
}

}  // namespace
}  // namespace pushbench::wire
