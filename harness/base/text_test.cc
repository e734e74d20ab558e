#include "harness/base/text.h"

#include <gtest/gtest.h>

namespace pushbench {
namespace {

using std::chrono::nanoseconds;

TEST(Text, DurationsReadWell) {
  EXPECT_EQ(human_duration(nanoseconds(0)), "0 ns");
  EXPECT_EQ(human_duration(nanoseconds(812)), "812 ns");
  EXPECT_EQ(human_duration(nanoseconds(1'230'000)), "1.23 ms");
  EXPECT_EQ(human_duration(nanoseconds(999'600)), "1.00 ms");
  EXPECT_EQ(human_duration(std::chrono::seconds(25)), "25.0 s");
  EXPECT_EQ(human_seconds(0.00123), "1.23 ms");
  EXPECT_EQ(human_duration(std::chrono::seconds(125)), "2 min 5 s");
  EXPECT_EQ(human_duration(std::chrono::minutes(3)), "3 min");
  EXPECT_EQ(human_duration(nanoseconds(-1500)), "-1.50 µs");
}

TEST(Text, BytesAndCountsReadWell) {
  EXPECT_EQ(human_bytes(39), "39 B");
  EXPECT_EQ(human_bytes(2.5), "2.50 B");
  EXPECT_EQ(human_bytes(1230), "1.23 kB");
  EXPECT_EQ(human_bytes(5.2e6), "5.20 MB");
  EXPECT_EQ(human_count(1234567), "1,234,567");
  EXPECT_EQ(human_count(0.25), "0.25");
  EXPECT_EQ(human_count(12.34), "12.3");
  EXPECT_EQ(human_count(-1000), "-1,000");
}

TEST(Text, ControlBytesCannotReachATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
  EXPECT_EQ(printable("µs ✓"), "µs ✓");
  EXPECT_EQ(printable("\xff\xc2\x9b"), "\\xff\\xc2\\x9b");
}

TEST(Text, Utf8IsCheckedAsUnicodeSays) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("ascii é € 😀"));
  EXPECT_FALSE(is_utf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(is_utf8("\xe2\x82"));          // cut short
}

}  // namespace
}  // namespace pushbench
