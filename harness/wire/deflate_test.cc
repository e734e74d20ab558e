#include "harness/wire/deflate.h"

#include "harness/base/random.h"
#include "harness/base/text.h"

#include <gtest/gtest.h>

#include <zlib.h>

#include <string>
#include <vector>

namespace pushbench::wire {
namespace {

using namespace std::string_view_literals;
using How = Inflater::Outcome;

std::string letters(std::size_t size, std::uint64_t different, std::uint64_t seed) {
  Random random(seed);
  std::string text(size, ' ');
  for (char& c : text) {
    c = static_cast<char>(random.below(different));
  }
  return text;
}

const std::vector<std::string>& deflated_texts() {
  static const std::vector<std::string> kTexts{
      "",
      "a",
      "Hello",
      std::string(100'000, 'z'),
      letters(70'000, 256, 1),
      letters(1'000'000, 256, 2),  // grows a little
      letters(300'000, 4, 3),
  };
  return kTexts;
}

struct GzipHeard {
  std::string text;
  std::uint64_t framing = 0;
  Parsed last = Parsed::kNeedMore;
  std::size_t left = 0;
};

GzipHeard read_gzip(std::string_view bytes, std::size_t step) {
  GzipReader reader;
  GzipHeard out;
  while (!bytes.empty() && out.last == Parsed::kNeedMore) {
    std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    std::string_view text;
    while ((out.last = reader.next(piece, text)) == Parsed::kItem) {
      out.text += text;
    }
    out.framing += reader.take_framing();
    out.left = piece.size() + bytes.size();
  }
  EXPECT_EQ(reader.whole(), out.last == Parsed::kEnd);
  return out;
}

// RFC 7692 section 7.2.3.1 and 7.2.3.2.
TEST(Deflate, ExamplesOfTheSpecification) {
  Deflater deflater;
  EXPECT_EQ(deflater.message("Hello"), "\xf2\x48\xcd\xc9\xc9\x07\x00"sv);
  EXPECT_EQ(deflater.block("Hello"), "\xf2\x48\xcd\xc9\xc9\x07\x00\x00\x00\xff\xff"sv);
  EXPECT_EQ(deflater.message(""), "\x00"sv);
  Inflater inflater;
  std::string_view text;
  for (const auto data : {"\xf2\x48\xcd\xc9\xc9\x07\x00"sv,
                          "\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"sv,  // not compressed
                          "\xf3\x48\xcd\xc9\xc9\x07\x00\x00"sv,              // a last block
                          "\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"sv}) {  // two
    ASSERT_EQ(inflater.message(data, 5, text), How::kWhole) << printable(data);
    EXPECT_EQ(text, "Hello");
    EXPECT_EQ(inflater.message(data, 4, text), How::kTooLarge) << printable(data);
  }
}

TEST(Deflate, WhatGoesInComesOutAndNothingIsRemembered) {
  Inflater inflater;
  for (const int level : {kLowestCompression, kDefaultCompression, kHighestCompression}) {
    Deflater deflater(level);
    for (const auto& text : deflated_texts()) {
      const std::string first(deflater.message(text));
      EXPECT_FALSE(first.empty());
      EXPECT_EQ(deflater.message(text), first);
      std::string_view back;
      ASSERT_EQ(inflater.message(first, text.size(), back), How::kWhole);
      EXPECT_EQ(back, text);
    }
  }
}

TEST(Deflate, WhatIsBrokenIsToldAndForgotten) {
  Deflater deflater;
  Inflater inflater;
  const std::string whole(deflater.message("a message to be damaged"));
  std::string_view text;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    EXPECT_EQ(inflater.message(whole.substr(0, size), 1'000, text), How::kBroken) << size;
    ASSERT_EQ(inflater.message(whole, 1'000, text), How::kWhole);
    EXPECT_EQ(text, "a message to be damaged");
  }
}

TEST(Deflate, ABombIsRefusedAtItsBound) {
  Deflater deflater(kHighestCompression);
  const std::string bomb(deflater.message(std::string(10'000'000, '0')));
  EXPECT_LT(bomb.size(), 20'000U);
  Inflater inflater;
  std::string_view text;
  EXPECT_EQ(inflater.message(bomb, 1'000'000, text), How::kTooLarge);
  EXPECT_EQ(text.size(), 1'000'001U);
}

TEST(Deflate, GzipIsReadByZlibItself) {
  Deflater deflater;
  for (const auto& text : deflated_texts()) {
    std::string member(deflater.gzip(text));
    EXPECT_TRUE(member.starts_with(kGzipHead));
    std::string back(text.size() + 1, ' ');
    z_stream z{};
    ASSERT_EQ(::inflateInit2(&z, MAX_WBITS + 16), Z_OK);
    z.next_in = reinterpret_cast<Bytef*>(member.data());
    z.avail_in = static_cast<uInt>(member.size());
    z.next_out = reinterpret_cast<Bytef*>(back.data());
    z.avail_out = static_cast<uInt>(back.size());
    EXPECT_EQ(::inflate(&z, Z_FINISH), Z_STREAM_END);
    back.resize(back.size() - z.avail_out);
    EXPECT_EQ(z.avail_in, 0U);
    ::inflateEnd(&z);
    EXPECT_EQ(back, text);
  }
}

TEST(Deflate, GzipInAnyPiecesIsTheSame) {
  Deflater deflater;
  for (const auto& text : deflated_texts()) {
    const std::string member(deflater.gzip(text));
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, member.size()}) {
      const GzipHeard got = read_gzip(member, step);
      EXPECT_EQ(got.last, Parsed::kEnd);
      EXPECT_TRUE(got.text == text);
      EXPECT_EQ(got.framing, kGzipHead.size() + kGzipTrailer) << step;
    }
  }
}

// As a stream sends it: a head, and blocks that were made each for itself. Every block gives its
// text at once, and the end needs no trailer.
TEST(Deflate, AStreamOfBlocks) {
  Deflater deflater;
  GzipReader reader;
  std::string_view input = kGzipHead;
  std::string_view text;
  EXPECT_EQ(reader.next(input, text), Parsed::kNeedMore);
  EXPECT_EQ(reader.take_framing(), kGzipHead.size());
  for (const auto word : {"first\n"sv, "second\n"sv, "first\n"sv}) {
    input = deflater.block(word);
    ASSERT_EQ(reader.next(input, text), Parsed::kItem);
    EXPECT_EQ(text, word);
    EXPECT_EQ(reader.next(input, text), Parsed::kNeedMore);
    EXPECT_EQ(reader.take_framing(), 0U);
  }
  input = kLastBlock;
  EXPECT_EQ(reader.next(input, text), Parsed::kNeedMore);
  EXPECT_FALSE(reader.whole());
  EXPECT_TRUE(input.empty());
}

TEST(Deflate, NoGzip) {
  EXPECT_EQ(read_gzip("this is no gzip", 100).last, Parsed::kError);
  Deflater deflater;
  std::string member(deflater.gzip("text that is checked"));
  member[member.size() - 5] ^= 1;  // of the CRC
  EXPECT_EQ(read_gzip(member, 3).last, Parsed::kError);
  const GzipHeard behind = read_gzip(std::string(deflater.gzip("x")) + "more", 100);
  EXPECT_EQ(behind.last, Parsed::kEnd);
  EXPECT_EQ(behind.left, 4U);
}

}  // namespace
}  // namespace pushbench::wire
