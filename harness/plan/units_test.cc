#include "harness/plan/units.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

TEST(Units, DurationsAreExact) {
  const std::array<std::pair<std::string_view, Nanos>, 14> cases{{{"250ms", 250ms},
                                                                  {"5s", 5s},
                                                                  {"1m30s", 90s},
                                                                  {"1min", 60s},
                                                                  {"2h", 2h},
                                                                  {"1h0m1s", 3601s},
                                                                  {"0s", 0s},
                                                                  {"1.5s", 1500ms},
                                                                  {"0.1s", 100ms},
                                                                  {"7us", 7us},
                                                                  {"7µs", 7us},
                                                                  {"1ns", 1ns},
                                                                  {"1.25h", 75min},
                                                                  {"1m0.000000001s", 60s + 1ns}}};
  for (const auto& [text, value] : cases) {
    const auto parsed = parse_duration(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(*parsed, value) << text;
  }
}

TEST(Units, WhatIsNoDurationIsRefused) {
  for (const std::string_view text :
       {"",       "5",     "s",   "-1s",  "+1s",          "1 s",
        "1s ",    "1.s",   ".5s", "1e3s", "30s1m",        "1s1s",
        "1.5m3s", "0.5ns", "1S",  "1d",   "99999999999h", "99999999999999999999s",
        "1m1min", "inf",   "nan"}) {
    const auto parsed = parse_duration(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().text, "a duration such as 250ms, 5s or 1m30s");
  }
}

TEST(Units, SizesHaveDecimalAndBinaryUnits) {
  EXPECT_EQ(*parse_bytes("128B"), 128U);
  EXPECT_EQ(*parse_bytes("4kB"), 4'000U);
  EXPECT_EQ(*parse_bytes("1.5kB"), 1'500U);
  EXPECT_EQ(*parse_bytes("1.5KiB"), 1'536U);
  EXPECT_EQ(*parse_bytes("2MB"), 2'000'000U);
  EXPECT_EQ(*parse_bytes("1MiB"), 1'048'576U);
  for (const std::string_view text :
       {"", "128", "128 B", "1KB", "1.5B", "-1B", "1GB", "B", "1B1B", "99999999999MiB", "0.3KiB"}) {
    ASSERT_FALSE(parse_bytes(text)) << text;
  }
}

TEST(Units, RatesArePerSecond) {
  EXPECT_DOUBLE_EQ(*parse_rate("100/s"), 100);
  EXPECT_DOUBLE_EQ(*parse_rate("6/min"), 0.1);
  EXPECT_DOUBLE_EQ(*parse_rate("36/h"), 0.01);
  EXPECT_DOUBLE_EQ(*parse_rate("0.5/s"), 0.5);
  EXPECT_DOUBLE_EQ(*parse_rate("10k/s"), 10'000);
  for (const std::string_view text :
       {"", "100", "/s", "fast", "1/d", "-1/s", "1e3/s", "inf/s", "nan/s", "1 /s", "1/s ", "k/s"}) {
    ASSERT_FALSE(parse_rate(text)) << text;
  }
}

TEST(Units, BitRatesGoThereAndBack) {
  EXPECT_EQ(*parse_bit_rate("20Mbit/s"), 20'000'000U);
  EXPECT_EQ(*parse_bit_rate("1.5Mbit/s"), 1'500'000U);
  EXPECT_EQ(*parse_bit_rate("1Gbit/s"), 1'000'000'000U);
  EXPECT_EQ(*parse_bit_rate("64kbit/s"), 64'000U);
  EXPECT_EQ(*parse_bit_rate("300bit/s"), 300U);
  for (const std::string_view text : {"20Mbit/s", "1.5Mbit/s", "1Gbit/s", "64kbit/s", "300bit/s"}) {
    EXPECT_EQ(short_bit_rate(*parse_bit_rate(text)), text);
  }
  for (const std::string_view text :
       {"", "20", "Mbit/s", "20Mbit", "20Mb/s", "20MB/s", "20mbit/s", "-1Mbit/s", "1.5bit/s",
        "1e3bit/s", "2000000Gbit/s", "1Mbit/s ", "1Mbit/s1kbit/s"}) {
    ASSERT_FALSE(parse_bit_rate(text)) << text;
  }
}

TEST(Units, CountsTakeGroupsAndMultipliers) {
  EXPECT_EQ(*parse_count("1000"), 1'000U);
  EXPECT_EQ(*parse_count("1_000"), 1'000U);
  EXPECT_EQ(*parse_count("10k"), 10'000U);
  EXPECT_EQ(*parse_count("1M"), 1'000'000U);
  EXPECT_EQ(*parse_count("0"), 0U);
  EXPECT_EQ(*parse_count("18446744073709551615"), 18446744073709551615ULL);
  for (const std::string_view text :
       {"", "_", "1_", "_1", "1__0", "1.5", "-1", "0x10", "k", "1kk", "18446744073709551616",
        "18446744073709551615k", "1,000", "1 000"}) {
    ASSERT_FALSE(parse_count(text)) << text;
  }
}

TEST(Units, FractionsAreNumbersOrPercent) {
  EXPECT_DOUBLE_EQ(*parse_fraction("0.1"), 0.1);
  EXPECT_DOUBLE_EQ(*parse_fraction("10%"), 0.1);
  EXPECT_DOUBLE_EQ(*parse_fraction("0"), 0);
  EXPECT_FALSE(parse_fraction("%"));
  EXPECT_FALSE(parse_fraction("-0.1"));
  EXPECT_FALSE(parse_number("1e5"));
  EXPECT_FALSE(parse_number("nan"));
}

TEST(Units, DurationsAreWrittenShort) {
  EXPECT_EQ(short_duration(0s), "0s");
  EXPECT_EQ(short_duration(1s), "1s");
  EXPECT_EQ(short_duration(1000ms), "1s");
  EXPECT_EQ(short_duration(250ms), "250ms");
  EXPECT_EQ(short_duration(1500ms), "1.5s");
  EXPECT_EQ(short_duration(90s), "1m30s");
  EXPECT_EQ(short_duration(1h), "1h");
  EXPECT_EQ(short_duration(1h + 30min), "1h30m");
  EXPECT_EQ(short_duration(1h + 1s), "1h1s");
  EXPECT_EQ(short_duration(60s + 500ms), "1m0.5s");
  EXPECT_EQ(short_duration(7us), "7us");
  EXPECT_EQ(short_duration(1050us), "1.05ms");
  EXPECT_EQ(short_duration(1ns), "1ns");
}

TEST(Units, WrittenDurationsComeBack) {
  Random random(11);
  for (int i = 0; i < 20'000; ++i) {
    const auto digits = random.below(17);
    std::uint64_t bound = 10;
    for (std::uint64_t d = 0; d < digits; ++d) {
      bound *= 10;
    }
    const Nanos value(static_cast<Nanos::rep>(random.below(bound)));
    const auto text = short_duration(value);
    const auto back = parse_duration(text);
    ASSERT_TRUE(back) << text;
    ASSERT_EQ(*back, value) << text;
    ASSERT_EQ(short_duration(*back), text);
  }
}

}  // namespace
}  // namespace pushbench::plan
