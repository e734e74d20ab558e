#include "harness/wire/event_line.h"

#include "harness/base/random.h"
#include "harness/base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace pushbench::wire {
namespace {

using namespace std::string_view_literals;

std::string line_of(std::uint64_t seq, std::string_view text) {
  std::string out;
  append_event_line(out, seq, text);
  return out;
}

std::string_view without_lf(std::string_view line) {
  EXPECT_TRUE(line.ends_with('\n'));
  return line.substr(0, line.size() - 1);
}

TEST(EventLine, BytesAreExact) {
  EXPECT_EQ(line_of(12, "text of the event"), "{\"seq\":12,\"data\":\"text of the event\"}\n");
  EXPECT_EQ(line_of(1, ""), "{\"seq\":1,\"data\":\"\"}\n");
  EXPECT_EQ(line_of(1, "\"\\\b\f\n\r\t\x01\x1F\0/\x7F\xC3\xA9"sv),
            "{\"seq\":1,\"data\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000/\x7F\xC3\xA9\"}\n");
  EXPECT_EQ(line_of(std::numeric_limits<std::uint64_t>::max(), "x"),
            "{\"seq\":18446744073709551615,\"data\":\"x\"}\n");
  std::string gap;
  append_gap_line(gap, 10, 20);
  EXPECT_EQ(gap, "{\"gap\":{\"oldest\":10,\"newest\":20}}\n");
}

TEST(EventLine, ReadsWhatItWrites) {
  EventLine out;
  std::string scratch;
  std::string line;
  std::string every;
  for (int c = 0; c < 0x80; ++c) {
    const std::string text(1, static_cast<char>(c));
    line = line_of(7, text);
    ASSERT_TRUE(parse_event_line(without_lf(line), out, scratch)) << c;
    EXPECT_EQ(out.data, text);
    EXPECT_EQ(out.seq, 7U);
    EXPECT_FALSE(out.gap);
    every += text + "\xC3\xA9\xF0\x9F\x98\x80";
  }
  line = line_of(8, every);
  ASSERT_TRUE(parse_event_line(without_lf(line), out, scratch));
  EXPECT_EQ(out.data, every);
}

TEST(EventLine, RoundTripOfRandomText) {
  constexpr std::string_view kPieces[] = {
      "a", "\"", "\\", "\n",    "\t",       "\x01"sv,          "\0"sv,
      "}", "{",  ":",  "u0000", "\xC3\xA9", "\xF0\x9F\x98\x80"};
  Random random(17);
  EventLine out;
  std::string scratch;
  std::string line;
  for (int round = 0; round < 5'000; ++round) {
    std::string text;
    for (auto left = random.below(40); left > 0; --left) {
      text += kPieces[random.below(std::size(kPieces))];
    }
    const auto seq = random.next() | 1U;
    line = line_of(seq, text);
    ASSERT_TRUE(parse_event_line(without_lf(line), out, scratch)) << printable(text);
    ASSERT_EQ(out.data, text);
    ASSERT_EQ(out.seq, seq);
  }
}

TEST(EventLine, PlainTextStaysInPlace) {
  const auto line = line_of(5, "nothing to escape, caf\xC3\xA9");
  EventLine out;
  std::string scratch;
  ASSERT_TRUE(parse_event_line(without_lf(line), out, scratch));
  EXPECT_EQ(out.data.data(), line.data() + line.find("nothing"));
  EXPECT_TRUE(scratch.empty());
}

TEST(EventLine, ReadsGaps) {
  EventLine out;
  std::string scratch;
  ASSERT_TRUE(parse_event_line("{\"gap\":{\"oldest\":10,\"newest\":20}}", out, scratch));
  EXPECT_TRUE(out.gap);
  EXPECT_EQ(out.seq, 10U);
  EXPECT_EQ(out.newest, 20U);
  EXPECT_TRUE(parse_event_line("{\"gap\":{\"oldest\":0,\"newest\":0}}", out, scratch));
}

TEST(EventLine, MalformedLinesAreRefused) {
  EventLine out;
  std::string scratch;
  for (const auto line : {
           ""sv,
           "{}"sv,
           "{\"seq\":1}"sv,
           "{\"seq\":1,\"data\":\"\"} "sv,
           " {\"seq\":1,\"data\":\"\"}"sv,
           "{\"seq\":0,\"data\":\"\"}"sv,
           "{\"seq\":01,\"data\":\"\"}"sv,
           "{\"seq\":,\"data\":\"\"}"sv,
           "{\"seq\":-1,\"data\":\"\"}"sv,
           "{\"seq\":+1,\"data\":\"\"}"sv,
           "{\"seq\":1.0,\"data\":\"\"}"sv,
           "{\"seq\":18446744073709551616,\"data\":\"\"}"sv,
           "{\"seq\": 1,\"data\":\"\"}"sv,
           "{\"seq\":1, \"data\":\"\"}"sv,
           "{\"data\":\"\",\"seq\":1}"sv,
           "{\"seq\":1,\"data\":\"}"sv,
           "{\"seq\":1,\"data\":\"a\"b\"}"sv,
           "{\"seq\":1,\"data\":\"a\\\"}"sv,
           "{\"seq\":1,\"data\":\"\\x\"}"sv,
           "{\"seq\":1,\"data\":\"\\/\"}"sv,
           "{\"seq\":1,\"data\":\"\\u0041\"}"sv,
           "{\"seq\":1,\"data\":\"\\u00e9\"}"sv,
           "{\"seq\":1,\"data\":\"\\u001\"}"sv,
           "{\"seq\":1,\"data\":\"\\u00 1\"}"sv,
           "{\"seq\":1,\"data\":\"\\ud83d\\ude00\"}"sv,
           "{\"seq\":1,\"data\":\"\t\"}"sv,
           "{\"seq\":1,\"data\":\"\0\"}"sv,
           "{\"seq\":1,\"data\":\"\xFF\"}"sv,
           "{\"seq\":1,\"data\":\"\\n\xC3\"}"sv,
           "{\"seq\":1,\"data\":\"\"}\r"sv,
           "{\"gap\":{\"oldest\":1,\"newest\":2}"sv,
           "{\"gap\":{\"oldest\":01,\"newest\":2}}"sv,
           "{\"gap\":{\"oldest\":1,\"newest\":}}"sv,
           "{\"gap\":{\"oldest\":1,\"newest\":2}}}"sv,
           "{\"gap\":{\"newest\":1,\"oldest\":2}}"sv,
       }) {
    EXPECT_FALSE(parse_event_line(line, out, scratch)) << printable(line);
  }
}

TEST(EventLine, CutLinesAreRefused) {
  const auto line = line_of(12, "a\"b\\c\n\x01");
  EventLine out;
  std::string scratch;
  for (std::size_t size = 0; size + 1 < line.size(); ++size) {
    EXPECT_FALSE(parse_event_line(std::string_view(line).substr(0, size), out, scratch)) << size;
  }
}

TEST(EventLine, WhatAnEventMayHold) {
  EXPECT_TRUE(is_event_text(""));
  EXPECT_TRUE(is_event_text("a\nb\0c\t\x7F\xC3\xA9"sv));
  EXPECT_FALSE(is_event_text("a\rb"));
  EXPECT_FALSE(is_event_text("a\r\n"));
  EXPECT_FALSE(is_event_text("\xFF"));
  EXPECT_FALSE(is_event_text("\xED\xA0\x80"));
}

TEST(LineReader, EveryCutGivesTheSameLines) {
  constexpr std::string_view kText = "one\n\ntwo and more\nthree\r\nrest";
  const std::vector<std::string> expected = {"one", "", "two and more", "three\r"};
  for (std::size_t first = 0; first <= kText.size(); ++first) {
    for (std::size_t second = first; second <= kText.size(); ++second) {
      LineReader reader;
      std::vector<std::string> lines;
      for (auto piece :
           {kText.substr(0, first), kText.substr(first, second - first), kText.substr(second)}) {
        std::string_view line;
        while (reader.next(piece, line) == Parsed::kItem) {
          lines.emplace_back(line);
        }
        EXPECT_TRUE(piece.empty());
      }
      ASSERT_EQ(lines, expected) << first << " " << second;
      ASSERT_TRUE(reader.mid_line());
    }
  }
}

TEST(LineReader, AWholeLineIsNotCopied) {
  const std::string text = "one line\ntwo";
  LineReader reader;
  std::string_view input = text;
  std::string_view line;
  ASSERT_EQ(reader.next(input, line), Parsed::kItem);
  EXPECT_EQ(line.data(), text.data());
  EXPECT_FALSE(reader.mid_line());
}

TEST(LineReader, ALineThatIsTooLongIsRefused) {
  for (const bool whole : {true, false}) {
    LineReader reader(4);
    std::string_view line;
    std::string_view input = "1234\n";
    EXPECT_EQ(reader.next(input, line), Parsed::kItem);
    std::string_view first = whole ? "12345\n" : "123";
    std::string_view second = whole ? "" : "45";
    const auto parsed = reader.next(first, line);
    EXPECT_EQ(whole ? parsed : reader.next(second, line), Parsed::kError);
    EXPECT_EQ(reader.error(), Errc::kLimit);
    EXPECT_EQ(reader.next(input, line), Parsed::kError) << "an error stays";
  }
}

}  // namespace
}  // namespace pushbench::wire
