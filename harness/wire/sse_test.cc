#include "harness/wire/sse.h"

#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/wire/test_cases.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace pushbench::wire {
namespace {

using namespace std::string_view_literals;

struct Heard {
  std::string type, data, id;
  bool operator==(const Heard&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Heard& heard) {
  return out << heard.type << "|" << printable(heard.data) << "|" << heard.id;
}

void feed(SseParser& parser, std::string_view piece, std::vector<Heard>& heard) {
  // A copy of its own, so that a view kept too long is found by the sanitizer.
  const std::string bytes(piece);
  std::string_view input = bytes;
  SseEvent event;
  while (parser.next(input, event) == Parsed::kItem) {
    heard.push_back({std::string(event.type), std::string(event.data), std::string(event.id)});
  }
}

struct SseCase {
  std::string name, bytes;
  std::vector<Heard> events;
  std::optional<std::uint64_t> retry_ms;
  std::string last_event_id;
};

std::vector<SseCase> sse_cases() {
  std::vector<SseCase> cases;
  for (const auto& row : read_cases("sse_cases.json")) {
    SseCase c{text_of(row.at("name")),
              from_base64(row.at("b64")),
              {},
              {},
              text_of(row.at("last_event_id"))};
    for (const auto& event : row.at("events").as_array()) {
      c.events.push_back(
          {text_of(event.at("type")), text_of(event.at("data")), text_of(event.at("id"))});
    }
    if (!row.at("retry_ms").is_null()) {
      c.retry_ms = row.at("retry_ms").to_number<std::uint64_t>();
    }
    cases.push_back(std::move(c));
  }
  return cases;
}

void expect_case(const SseCase& c, const SseParser& parser, const std::vector<Heard>& heard) {
  EXPECT_EQ(heard, c.events) << c.name;
  EXPECT_EQ(parser.retry_ms(), c.retry_ms) << c.name;
  EXPECT_EQ(parser.last_event_id(), c.last_event_id) << c.name;
  EXPECT_FALSE(parser.error()) << c.name;
}

TEST(Sse, TableWhole) {
  const auto cases = sse_cases();
  EXPECT_EQ(cases.size(), 41U);
  for (const auto& c : cases) {
    SseParser parser;
    std::vector<Heard> heard;
    feed(parser, c.bytes, heard);
    expect_case(c, parser, heard);
  }
}

TEST(Sse, TableByteByByte) {
  for (const auto& c : sse_cases()) {
    SseParser parser;
    std::vector<Heard> heard;
    for (const char& byte : c.bytes) {
      feed(parser, {&byte, 1}, heard);
    }
    expect_case(c, parser, heard);
  }
}

TEST(Sse, TableCutInTwoAtEveryPlace) {
  for (const auto& c : sse_cases()) {
    // Long cases: every place of the front, then a stride that is no multiple of a line.
    for (std::size_t at = 0; at <= c.bytes.size(); at += at < 4096 ? 1 : 97) {
      SseParser parser;
      std::vector<Heard> heard;
      feed(parser, std::string_view(c.bytes).substr(0, at), heard);
      feed(parser, std::string_view(c.bytes).substr(at), heard);
      expect_case(c, parser, heard);
      if (testing::Test::HasFailure()) {
        FAIL() << c.name << " cut at " << at;
      }
    }
  }
}

TEST(Sse, MendedDataIsToldFromWhatCame) {
  for (const auto& [stream, mended] : {std::pair{"data: a\xEF\xBF\xBD"
                                                 "b\n\n"sv,
                                                 false},
                                       {"data: a\xff"
                                        "b\n\n"sv,
                                        true},
                                       {"data: \xff\ndata: b\n\n"sv, true},
                                       {"id: \xff\ndata: b\n\n"sv, false},
                                       {"data\n\n"sv, false}}) {
    for (const std::size_t cut : {stream.size(), stream.size() / 2}) {
      SseParser parser;
      SseEvent event;
      std::string_view first = stream.substr(0, cut);
      std::string_view second = stream.substr(cut);
      if (parser.next(first, event) != Parsed::kItem) {
        ASSERT_EQ(parser.next(second, event), Parsed::kItem) << printable(stream);
      }
      EXPECT_EQ(event.mended, mended) << printable(stream) << " cut at " << cut;
    }
  }
}

TEST(Sse, EventsAreDispatchedAtTheirLastByte) {
  for (const auto stream : {"data: x\n\n"sv, "data: x\r\r"sv, "data: x\r\n\r"sv, "data: x\n\r"sv}) {
    SseParser parser;
    std::vector<Heard> heard;
    for (std::size_t at = 0; at < stream.size(); ++at) {
      EXPECT_TRUE(heard.empty());
      feed(parser, stream.substr(at, 1), heard);
    }
    EXPECT_EQ(heard, (std::vector<Heard>{{"message", "x", ""}})) << printable(stream);
    // The LF that belongs to the CR comes late: it is neither an empty line nor part of a field.
    feed(parser, stream.ends_with('\r') ? "\ndata: y\n\n" : "data: y\n\n", heard);
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_EQ(heard[1].data, "y");
  }
}

TEST(Sse, OneLineEventsAreNotCopied) {
  const std::string stream = "id: 12\nevent: tick\ndata: payload\n\nid: 13\ndata: second\n\n";
  SseParser parser;
  std::string_view input = stream;
  SseEvent event;
  ASSERT_EQ(parser.next(input, event), Parsed::kItem);
  EXPECT_EQ(event.data.data(), stream.data() + stream.find("payload"));
  EXPECT_EQ(event.type.data(), stream.data() + stream.find("tick"));
  EXPECT_EQ(event.id, "12");
  ASSERT_EQ(parser.next(input, event), Parsed::kItem);
  EXPECT_EQ(event.data.data(), stream.data() + stream.find("second"));
  EXPECT_EQ(event.type, "message");
  EXPECT_EQ(parser.next(input, event), Parsed::kNeedMore);
  EXPECT_LE(sizeof(SseParser), 72U);
}

TEST(Sse, EncoderIsExact) {
  const auto encoded = [](std::uint64_t seq, std::string_view text) {
    std::string out;
    append_sse_event(out, seq, text);
    return out;
  };
  EXPECT_EQ(encoded(12, "hello"), "id: 12\ndata: hello\n\n");
  EXPECT_EQ(encoded(12, "hello").size(), 5 + 2 + 8 + 5U);
  EXPECT_EQ(encoded(1, ""), "id: 1\ndata: \n\n");
  EXPECT_EQ(encoded(1, "a\nb"), "id: 1\ndata: a\ndata: b\n\n");
  EXPECT_EQ(encoded(1, "\n"), "id: 1\ndata: \ndata: \n\n");
  std::string gap;
  append_sse_gap(gap, 10, 20);
  append_sse_gap(gap, 0, 0);
  EXPECT_EQ(gap,
            "event: gap\nid: 9\ndata: {\"oldest\":10,\"newest\":20}\n\n"
            "event: gap\nid: 0\ndata: {\"oldest\":0,\"newest\":0}\n\n");
}

TEST(Sse, RoundTripOverRandomCuts) {
  constexpr std::string_view kPieces[] = {
      "a",    " ",  ":",        "\n",           "data: ",          "id",
      "\0"sv, "\t", "\xC3\xA9", "\xEF\xBB\xBF", "\xF0\x9F\x98\x80"};
  Random random(23);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<Heard> expected;
    std::string stream;
    for (std::uint64_t seq = 1; seq <= 4; ++seq) {
      std::string text;
      for (auto left = random.below(12); left > 0; --left) {
        text += kPieces[random.below(std::size(kPieces))];
      }
      append_sse_event(stream, seq, text);
      expected.push_back({"message", text, std::to_string(seq)});
      stream += random.below(2) == 0 ? kSseComment : "";
    }
    SseParser parser;
    std::vector<Heard> heard;
    for (std::size_t at = 0; at < stream.size();) {
      const auto size = 1 + random.below(30);
      feed(parser, std::string_view(stream).substr(at, size), heard);
      at += size;
    }
    ASSERT_EQ(heard, expected) << printable(stream);
  }
}

TEST(Sse, LinesAndEventsAreBounded) {
  SseParser parser;
  std::vector<Heard> heard;
  const std::string piece(65'536, 'x');
  for (std::size_t sent = 0; sent <= kMaxSseLine && !parser.error(); sent += piece.size()) {
    feed(parser, piece, heard);
  }
  EXPECT_EQ(parser.error(), Errc::kLimit);
  std::string_view more = "\n\ndata: x\n\n";
  SseEvent event;
  EXPECT_EQ(parser.next(more, event), Parsed::kError) << "an error stays";

  SseParser whole;
  feed(whole, std::string(kMaxSseLine + 1, ':') + "\n", heard);
  EXPECT_EQ(whole.error(), Errc::kLimit);

  SseParser endless;
  const auto line = "data: " + std::string(1'048'576, 'x') + "\n";
  for (int lines = 0; lines < 6 && !endless.error(); ++lines) {
    feed(endless, line, heard);
  }
  EXPECT_EQ(endless.error(), Errc::kLimit);
  EXPECT_TRUE(heard.empty());
}

TEST(Sse, CommentsThatStandAloneAreSignsOfLife) {
  const std::string stream =
      ":\n\n: beside data\ndata: x\n\nretry: 5\n\n: a\r\n: b\r\n\r\ndata: y\n\n:\n\n";
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    SseParser parser;
    SseParser::Comments sum;
    int events = 0;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      std::string_view input = std::string_view(stream).substr(at, step);
      SseEvent event;
      while (parser.next(input, event) == Parsed::kItem) {
        ++events;
      }
      const auto more = parser.take_comments();
      sum.blocks += more.blocks;
      sum.bytes += more.bytes;
    }
    EXPECT_EQ(events, 2) << step;
    EXPECT_EQ(sum.blocks, 3U) << step;
    EXPECT_NEAR(sum.bytes, 3 + 12 + 3, 1) << "an LF behind a CR may come with what follows";
  }
}

TEST(Sse, RetryIsDigitsOnly) {
  SseParser parser;
  std::vector<Heard> heard;
  feed(parser, "retry: 12a\nretry: \nretry:  7\nretry: +1\n", heard);
  EXPECT_FALSE(parser.retry_ms());
  feed(parser, "retry: 0\n", heard);
  EXPECT_EQ(parser.retry_ms(), 0U);
  feed(parser, "retry: 99999999999999999999999\n", heard);
  EXPECT_EQ(parser.retry_ms(), std::numeric_limits<std::uint64_t>::max());
}

TEST(Sse, GarbageGivesTheSameInAnyCut) {
  constexpr std::string_view kPieces[] = {"\r",   "\n",    "data",  ":",    " ",
                                          "id",   "event", "retry", "x",    "\0"sv,
                                          "\xEF", "\xBB",  "\xBF",  "\xFF", "1"};
  Random random(29);
  for (int round = 0; round < 3'000; ++round) {
    std::string stream;
    for (auto left = random.below(40); left > 0; --left) {
      stream += kPieces[random.below(std::size(kPieces))];
    }
    SseParser whole;
    SseParser bytes;
    std::vector<Heard> from_whole;
    std::vector<Heard> from_bytes;
    feed(whole, stream, from_whole);
    for (const char& byte : stream) {
      feed(bytes, {&byte, 1}, from_bytes);
    }
    ASSERT_EQ(from_whole, from_bytes) << printable(stream);
    ASSERT_EQ(whole.last_event_id(), bytes.last_event_id());
    ASSERT_EQ(whole.retry_ms(), bytes.retry_ms());
  }
}

}  // namespace
}  // namespace pushbench::wire
