#include "harness/wire/chunk.h"

#include "harness/base/random.h"
#include "harness/base/text.h"

#include <gtest/gtest.h>

#include <limits>

namespace pushbench::wire {
namespace {

struct Outcome {
  Parsed parsed = Parsed::kNeedMore;
  std::string body;
  std::string rest;
  error_code error;
  bool operator==(const Outcome&) const = default;
};

// Feeds `pieces` one after the other; what is left behind the end is kept.
Outcome decode(std::initializer_list<std::string_view> pieces) {
  ChunkDecoder decoder;
  Outcome outcome;
  for (auto piece : pieces) {
    std::string_view data;
    while ((outcome.parsed = decoder.next(piece, data)) == Parsed::kItem) {
      EXPECT_FALSE(data.empty());
      outcome.body.append(data);
    }
    outcome.rest.append(outcome.parsed == Parsed::kError ? "" : piece);
  }
  outcome.error = decoder.error();
  return outcome;
}

// The same bytes whole, cut in two at every place, and byte by byte.
Outcome decode_all_ways(std::string_view bytes) {
  auto whole = decode({bytes});
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    EXPECT_EQ(decode({bytes.substr(0, at), bytes.substr(at)}), whole) << printable(bytes) << at;
  }
  ChunkDecoder decoder;
  std::string body;
  auto parsed = Parsed::kNeedMore;
  for (std::size_t at = 0; at < bytes.size() && parsed < Parsed::kEnd; ++at) {
    auto piece = bytes.substr(at, 1);
    std::string_view data;
    while ((parsed = decoder.next(piece, data)) == Parsed::kItem) {
      body.append(data);
    }
  }
  EXPECT_EQ(parsed, whole.parsed);
  EXPECT_EQ(body, whole.body);
  EXPECT_EQ(decoder.error(), whole.error);
  return whole;
}

TEST(Chunk, FramingIsExact) {
  std::string out;
  append_chunk(out, "hello");
  EXPECT_EQ(out, "5\r\nhello\r\n");
  out.clear();
  append_chunk_head(out, 0xABC);
  EXPECT_EQ(out, "abc\r\n");
  for (const auto& [size, digits] : {std::pair<std::size_t, std::size_t>{1, 1},
                                     {15, 1},
                                     {16, 2},
                                     {255, 2},
                                     {256, 3},
                                     {65'535, 4},
                                     {65'536, 5}}) {
    out.clear();
    append_chunk(out, std::string(size, 'x'));
    EXPECT_EQ(out.size(), size + digits + 4);
  }
  out.clear();
  append_chunk_head(out, std::numeric_limits<std::size_t>::max());
  EXPECT_EQ(out, "ffffffffffffffff\r\n");
}

TEST(Chunk, WellFormedBodies) {
  const struct {
    std::string_view bytes, body;
  } cases[] = {
      {"0\r\n\r\n", ""},
      {"5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"},
      {"00005\r\nhello\r\n000\r\n\r\n", "hello"},
      {"A\r\n0123456789\r\n0\r\n\r\n", "0123456789"},
      {"a;x\r\n0123456789\r\n0;y=1\r\n\r\n", "0123456789"},
      {"1;a=b;c=\"d \\\" e\";f\r\nx\r\n0\r\n\r\n", "x"},
      {"1\r\nx\r\n0\r\nServer-Timing: db;dur=1\r\nX:\r\n\r\n", "x"},
      {"2\r\n\r\n\r\n0\r\n\r\n", "\r\n"},
  };
  for (const auto& c : cases) {
    const auto outcome = decode_all_ways(c.bytes);
    EXPECT_EQ(outcome.parsed, Parsed::kEnd) << printable(c.bytes);
    EXPECT_EQ(outcome.body, c.body);
    EXPECT_EQ(outcome.rest, "");
  }
}

TEST(Chunk, WhatFollowsTheEndIsLeftAlone) {
  const auto outcome = decode_all_ways("1\r\nx\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n");
  EXPECT_EQ(outcome.parsed, Parsed::kEnd);
  EXPECT_EQ(outcome.rest, "HTTP/1.1 200 OK\r\n");
}

TEST(Chunk, MalformedBodiesAreRefused) {
  using namespace std::string_view_literals;
  for (const auto bytes : {
           "\r\n"sv,
           "\n"sv,
           "x\r\n"sv,
           "5 \r\n"sv,
           " 5\r\n"sv,
           "+5\r\n"sv,
           "-1\r\n"sv,
           "0x5\r\n"sv,
           "1_0\r\n"sv,
           "5\n"sv,
           "5\rx"sv,
           "5;\r\n"sv,
           "5;=\r\n"sv,
           "5;a=\r\n"sv,
           "5; a\r\n"sv,
           "5;a b\r\n"sv,
           "5;a[\r\n"sv,
           "5;a=\"b\r\n"sv,
           "5;a=\"b\"c\r\n"sv,
           "5;a=b=c\r\n"sv,
           "5;a=\"\0\"\r\n"sv,
           "5;\0\r\n"sv,
           "5;a\n"sv,
           "5;a\rX"sv,
           "1\r\nx\n"sv,
           "1\r\nxy"sv,
           "1\r\nx\r0"sv,
           "0\r\n\n"sv,
           "0\r\nA\r\n\r\n"sv,
           "0\r\n: x\r\n"sv,
           "0\r\nA : x\r\n"sv,
           "0\r\nA: x\n"sv,
           "0\r\nA: \0"sv,
           "0\r\n x"sv,
           "0\r\n\rx"sv,
           "0\r\nA: x\r\n y"sv,
           "11111111111111111\r\n"sv,
           "FFFFFFFFFFFFFFFF0\r\n"sv,
       }) {
    const auto outcome = decode_all_ways(bytes);
    EXPECT_EQ(outcome.parsed, Parsed::kError) << printable(bytes);
    EXPECT_EQ(outcome.error, Errc::kBadChunk) << printable(bytes);
  }
}

TEST(Chunk, TrailersThatWouldChangeTheMessageAreRefused) {
  for (const std::string name : {"Content-Length", "transfer-encoding", "HOST", "Authorization",
                                 "Content-Type", "Content-Encoding", "Content-Range", "Trailer"}) {
    EXPECT_EQ(decode_all_ways("0\r\n" + name + ": 1\r\n\r\n").parsed, Parsed::kError) << name;
    EXPECT_EQ(decode_all_ways("0\r\nX" + name + ": 1\r\n\r\n").parsed, Parsed::kEnd) << name;
  }
}

TEST(Chunk, HeadsAndTrailersAreBounded) {
  const std::string longest = "1;" + std::string(kMaxChunkHead - 4, 'a') + "\r\nx\r\n";
  EXPECT_EQ(decode({longest}).body, "x");
  const auto too_long = decode({"1;" + std::string(kMaxChunkHead - 1, 'a')});
  EXPECT_EQ(too_long.error, Errc::kLimit);
  std::string trailers = "0\r\n";
  for (std::size_t i = 0; i < kMaxTrailers / 6 + 1; ++i) {
    trailers += "A: b\r\n";
  }
  EXPECT_EQ(decode({trailers}).error, Errc::kLimit);
  std::string many;
  for (int i = 0; i < 5000; ++i) {
    many += "1\r\nx\r\n";
  }
  EXPECT_EQ(decode({many + "0\r\n\r\n"}).body.size(), 5000U) << "the bound is for one size line";
}

// Once for each chunk with data, however it was cut; leading zeros are digits too.
TEST(Chunk, DigitsOfSizesAreTold) {
  const std::string body = "1f;x=y\r\n" + std::string(31, 'a') + "\r\n0002\r\nbb\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    ChunkDecoder decoder;
    std::vector<int> digits;
    for (std::size_t at = 0; at < body.size(); at += step) {
      std::string_view input = std::string_view(body).substr(at, step);
      std::string_view data;
      while (decoder.next(input, data) == Parsed::kItem) {
        if (const int told = decoder.take_size_digits()) {
          digits.push_back(told);
        }
      }
    }
    EXPECT_EQ(digits, (std::vector<int>{2, 4})) << step;
  }
}

TEST(Chunk, AHugeChunkIsOnlyCounted) {
  ChunkDecoder decoder;
  std::string_view input = "ffffffffffffffff\r\nabc";
  std::string_view data;
  EXPECT_EQ(decoder.next(input, data), Parsed::kItem);
  EXPECT_EQ(data, "abc");
  EXPECT_EQ(decoder.next(input, data), Parsed::kNeedMore);
}

TEST(Chunk, DataIsHandedOutInPlace) {
  const std::string bytes = "5\r\nhello\r\n0\r\n\r\n";
  ChunkDecoder decoder;
  std::string_view input = bytes;
  std::string_view data;
  ASSERT_EQ(decoder.next(input, data), Parsed::kItem);
  EXPECT_EQ(data.data(), bytes.data() + 3);
  EXPECT_LE(sizeof(ChunkDecoder), 16U);
}

TEST(Chunk, RoundTripOverRandomCuts) {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    std::string body;
    std::string bytes;
    for (auto chunks = random.below(5); chunks > 0; --chunks) {
      std::string data(1 + random.below(300), static_cast<char>('a' + random.below(26)));
      append_chunk(bytes, data);
      body += data;
    }
    bytes += kLastChunk;
    const auto first = random.below(bytes.size() + 1);
    const auto second = first + random.below(bytes.size() - first + 1);
    const std::string_view view = bytes;
    const auto outcome =
        decode({view.substr(0, first), view.substr(first, second - first), view.substr(second)});
    ASSERT_EQ(outcome.parsed, Parsed::kEnd);
    ASSERT_EQ(outcome.body, body);
  }
}

TEST(Chunk, GarbageNeitherCrashesNorLoops) {
  constexpr std::string_view kLikely = "0123456789abcdefF;=\"\\\r\n: xA";
  Random random(5);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes;
    for (auto left = random.below(60); left > 0; --left) {
      bytes.push_back(kLikely[random.below(kLikely.size())]);
    }
    ChunkDecoder decoder;
    std::string_view input = bytes;
    std::string_view data;
    std::size_t items = 0;
    while (decoder.next(input, data) == Parsed::kItem) {
      ASSERT_LE(++items, bytes.size());
    }
  }
}

}  // namespace
}  // namespace pushbench::wire
