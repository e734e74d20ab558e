#include "harness/base/random.h"
#include "harness/stats/base64.h"
#include "harness/stats/histogram.h"

#include <gtest/gtest.h>

#include <zlib.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

namespace pushbench::stats {
namespace {

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) {
    out += static_cast<char>((value >> (8 * i)) & 0xff);
  }
  return out;
}

std::string deflated(const std::string& plain) {
  uLongf size = compressBound(plain.size());
  std::string out(size, '\0');
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                     reinterpret_cast<const Bytef*>(plain.data()), plain.size()),
            Z_OK);
  out.resize(size);
  return out;
}

// The encoding written by hand, so that every field can be spoilt.
struct Parts {
  std::uint32_t cookie = 0x1c849313;
  std::optional<std::uint32_t> payload_bytes;
  std::uint32_t offset = 0;
  std::uint32_t digits = 3;
  std::uint64_t lowest = 1;
  std::uint64_t highest = 3'600'000'000'000;
  std::uint64_t ratio = std::bit_cast<std::uint64_t>(1.0);
  std::string payload = std::string(1, '\2');
  std::string after;

  std::string plain() const {
    return big_endian(cookie, 4) + big_endian(payload_bytes.value_or(payload.size()), 4) +
           big_endian(offset, 4) + big_endian(digits, 4) + big_endian(lowest, 8) +
           big_endian(highest, 8) + big_endian(ratio, 8) + payload + after;
  }
};

std::string wrap(const std::string& compressed) {
  return to_base64(big_endian(0x1c849314, 4) + big_endian(compressed.size(), 4) + compressed);
}

std::string text_of(const Parts& parts) {
  return wrap(deflated(parts.plain()));
}

void expect_refused(const std::string& text, const std::string& reason) {
  const auto result = Histogram::decode(text);
  ASSERT_FALSE(result.has_value()) << "expected: " << reason;
  EXPECT_NE(result.error().text.find(reason), std::string::npos) << result.error().text;
  EXPECT_EQ(result.error().text.find("encoded histogram: "), 0U);
  EXPECT_NE(result.error().text.find("expected the \"HISTFAAA"), std::string::npos);
  EXPECT_EQ(result.error().code, ExitCode::kUsage);
}

std::string plain_of(const Histogram& histogram) {
  const std::string bytes = from_base64(histogram.encode()).value();
  std::string plain(1 << 20, '\0');
  uLongf size = plain.size();
  EXPECT_EQ(uncompress(reinterpret_cast<Bytef*>(plain.data()), &size,
                       reinterpret_cast<const Bytef*>(bytes.data()) + 8, bytes.size() - 8),
            Z_OK);
  plain.resize(size);
  return plain;
}

TEST(HistogramCodec, WritesTheSpecifiedBytes) {
  Histogram histogram;
  histogram.record(Nanos{1}, 3);
  histogram.record(Nanos{3}, 100);
  histogram.record(Nanos{8}, 1);
  Parts expected;
  // 0: none, once (0) · 1: 3 (6) · 2: none, once (0) · 3: 100 (200 = 0xc8 0x01) · four times none
  // (-4: 7) · 8: 1 (2)
  expected.payload = std::string("\x00\x06\x00\xc8\x01\x07\x02", 7);
  EXPECT_EQ(plain_of(histogram), expected.plain());
  EXPECT_EQ(histogram.encode().substr(0, 8), "HISTFAAA");
}

TEST(HistogramCodec, WritesNineByteCounts) {
  Histogram histogram;
  histogram.record(Nanos{0}, (std::uint64_t{1} << 62) + 5);
  Parts expected;
  expected.payload = std::string("\x8a\x80\x80\x80\x80\x80\x80\x80\x80", 9);
  EXPECT_EQ(plain_of(histogram), expected.plain());
}

TEST(HistogramCodec, RoundTripsCounts) {
  const HistogramShape shapes[] = {
      {}, {1, 1'000'000'000, 1}, {1000, 60'000'000'000, 4}, {1, 100'000'000, 5}, {1, 2, 2}};
  for (const auto& shape : shapes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Random random(seed);
      Histogram histogram(shape);
      for (std::uint64_t i = 0; i < 50 * seed; ++i) {
        const double value = 1e5 * std::exp(3.0 * random.normal());
        histogram.record(Nanos{static_cast<std::int64_t>(value)},
                         1 + random.below(std::uint64_t{1} << random.below(40)));
      }
      const auto back = Histogram::decode(histogram.encode());
      ASSERT_TRUE(back.has_value()) << back.error().text;
      EXPECT_TRUE(*back == histogram);
      EXPECT_EQ(back->count(), histogram.count());
      EXPECT_EQ(back->quantile(0.5), histogram.quantile(0.5));
      EXPECT_EQ(back->deviation(), histogram.deviation());
      EXPECT_EQ(back->encode(), histogram.encode());
    }
  }
}

TEST(HistogramCodec, ReadsFiguresToBucketWidth) {
  Histogram histogram;
  histogram.record(Nanos{10'005});
  histogram.record(Nanos{20'005});
  auto back = Histogram::decode(histogram.encode()).value();
  EXPECT_EQ(back.min(), Nanos{10'000});
  EXPECT_EQ(back.max(), Nanos{20'015});
  EXPECT_EQ(back.mean(), (10'004.0 + 20'008.0) / 2);
  back.set_exact(histogram.min(), histogram.max(), histogram.mean(), 1);
  EXPECT_EQ(back.min(), Nanos{10'005});
  EXPECT_EQ(back.max(), Nanos{20'005});
  EXPECT_EQ(back.mean(), 15'005.0);
  EXPECT_EQ(back.clipped(), 1U);
  EXPECT_EQ(back.quantile(1), Nanos{20'005});
}

TEST(HistogramCodec, ExactFiguresCannotContradictTheCounts) {
  Histogram histogram;
  histogram.set_exact(Nanos{5}, Nanos{6}, 5.5, 3);
  EXPECT_EQ(histogram.max(), Nanos{0});
  histogram.record(Nanos{10'005}, 2);
  histogram.set_exact(Nanos::min(), Nanos::max(), 1e300, 99);
  EXPECT_EQ(histogram.min(), Nanos{10'000});
  EXPECT_EQ(histogram.max(), Nanos{10'007});
  EXPECT_EQ(histogram.mean(), 10'007);
  EXPECT_EQ(histogram.clipped(), 2U);
  histogram.set_exact(Nanos{10'006}, Nanos{10'001}, std::nan(""), 0);
  EXPECT_EQ(histogram.max(), Nanos{10'006});
  EXPECT_EQ(histogram.mean(), 10'007);
}

TEST(HistogramCodec, ReadsWhatOtherWritersWrite) {
  Parts run_of_one;  // a single zero as a run of one
  run_of_one.payload = "\x01\x02";
  EXPECT_EQ(Histogram::decode(text_of(run_of_one)).value().min(), Nanos{1});
  Parts trailing_zeros;
  trailing_zeros.payload = "\x02\x05";
  EXPECT_EQ(Histogram::decode(text_of(trailing_zeros)).value().count(), 1U);
  Parts nothing;
  nothing.payload = "";
  EXPECT_TRUE(Histogram::decode(text_of(nothing)).value().empty());
  Parts placeholders;  // hdr-histogram-js
  placeholders.offset = 1;
  placeholders.ratio = 1;
  EXPECT_EQ(Histogram::decode(text_of(placeholders)).value().max(), Nanos{0});
  // An empty histogram as hdr-histogram-js 3.0.1 wrote it.
  const auto empty = Histogram::decode("HISTFAAAABp4nJNpmSzMwMDACMXMDBDACKWZ4HwAMzIBUA==");
  ASSERT_TRUE(empty.has_value()) << empty.error().text;
  EXPECT_TRUE(empty->empty());
  EXPECT_EQ(empty->shape(), (HistogramShape{1, 2, 3}));
}

TEST(HistogramCodec, RefusesABrokenWrapper) {
  expect_refused("", "fewer than its head");
  expect_refused("HIST", "fewer than its head");
  expect_refused("not base64!", "not base64");
  expect_refused(to_base64("12345678"), "0x1c849314");
  const std::string good = Histogram().encode();
  expect_refused(good.substr(0, good.size() - 4), "announces");
  expect_refused(to_base64(from_base64(good).value() + "x"), "announces");
  expect_refused(std::string(std::size_t{40} << 20, 'A'), "more than");
}

TEST(HistogramCodec, RefusesABrokenCompression) {
  expect_refused(wrap("nonsense"), "damaged");
  expect_refused(wrap(""), "damaged");
  expect_refused(wrap(deflated("short")), "damaged");
  const std::string good = deflated(Parts().plain());
  expect_refused(wrap(good.substr(0, good.size() - 1)), "damaged");
  expect_refused(wrap(good + "x"), "damaged");
  std::string checksum = good;
  checksum.back() = static_cast<char>(checksum.back() ^ 1);
  expect_refused(wrap(checksum), "damaged");
}

TEST(HistogramCodec, RefusesABrokenHeader) {
  const auto spoilt = [](auto change) {
    Parts parts;
    change(parts);
    return text_of(parts);
  };
  expect_refused(spoilt([](Parts& p) { p.cookie = 0x1c849303; }), "0x1c849313");
  expect_refused(spoilt([](Parts& p) { p.offset = 1; }), "shifted by 1");
  expect_refused(spoilt([](Parts& p) { p.offset = 0xffffffff; }), "shifted");
  expect_refused(spoilt([](Parts& p) { p.ratio = std::bit_cast<std::uint64_t>(0.5); }), "scales");
  expect_refused(spoilt([](Parts& p) { p.digits = 0; }), "digits");
  expect_refused(spoilt([](Parts& p) { p.digits = 0xffffffff; }), "digits");
  expect_refused(spoilt([](Parts& p) { p.lowest = 0; }), "lowest");
  expect_refused(spoilt([](Parts& p) { p.lowest = ~std::uint64_t{0}; }), "lowest");
  expect_refused(spoilt([](Parts& p) { p.highest = 1; }), "twice");
  expect_refused(spoilt([](Parts& p) { p.highest = ~std::uint64_t{0}; }), "twice");
  expect_refused(spoilt([](Parts& p) { p.digits = 5; }), "counters");  // 26 MiB
  expect_refused(spoilt([](Parts& p) {
                   p.lowest = std::uint64_t{1} << 61;
                   p.highest = (std::uint64_t{1} << 63) - 1;
                 }),
                 "too large");
}

TEST(HistogramCodec, RefusesBrokenCounts) {
  const auto with = [](std::string payload) {
    Parts parts;
    parts.payload = std::move(payload);
    return parts;
  };
  Parts shorter;
  shorter.payload_bytes = 0;
  expect_refused(text_of(shorter), "not as long as announced");
  Parts longer;
  longer.payload_bytes = 2;
  expect_refused(text_of(longer), "not as long as announced");
  Parts endless;
  endless.payload_bytes = 0xffffffff;
  expect_refused(text_of(endless), "announces 4294967295 bytes");
  Parts bomb;
  bomb.after = std::string(std::size_t{64} << 20, '\0');
  expect_refused(text_of(bomb), "not as long as announced");
  expect_refused(text_of(with("\x02\x80")), "cut short");
  expect_refused(text_of(with("\xff\xff\xff\xff\xff\xff\xff\xff")), "cut short");
  expect_refused(text_of(with(std::string(9, '\xff'))), "beyond its 33792 counters");
  expect_refused(text_of(with(std::string(33'793, '\2'))), "beyond its 33792 counters");
  const std::string most("\x80\x80\x80\x80\x80\x80\x80\x20", 8);  // 2^53, the most that is allowed
  EXPECT_EQ(Histogram::decode(text_of(with(most))).value().count(), std::uint64_t{1} << 53);
  expect_refused(text_of(with(most + "\2")), "2^53");
  expect_refused(text_of(with(std::string("\xfe\xff\xff\xff\xff\xff\xff\xff\xff", 9))), "2^53");
}

TEST(HistogramCodec, RejectsOrReadsAnyDamage) {
  Histogram histogram;
  Random random(5);
  for (int i = 0; i < 300; ++i) {
    histogram.record(Nanos{static_cast<std::int64_t>(random.below(1'000'000'000))});
  }
  const std::string text = histogram.encode();
  const std::string plain = plain_of(histogram);
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    EXPECT_FALSE(Histogram::decode(text.substr(0, cut)).has_value());
  }
  int refused = 0;
  for (int round = 0; round < 3000; ++round) {
    // Under the checksum too, so that the damage reaches the fields.
    std::string damaged = plain;
    for (std::uint64_t hits = 1 + random.below(4); hits > 0; --hits) {
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    }
    const auto result = Histogram::decode(wrap(deflated(damaged)));
    if (result.has_value()) {
      EXPECT_TRUE(Histogram::decode(result->encode()).value() == *result);
    } else {
      EXPECT_FALSE(result.error().text.empty());
      ++refused;
    }
    std::string spoilt = text;
    spoilt[random.below(spoilt.size())] = static_cast<char>(random.below(256));
    if (spoilt != text) {
      EXPECT_FALSE(Histogram::decode(spoilt).has_value());
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace pushbench::stats
