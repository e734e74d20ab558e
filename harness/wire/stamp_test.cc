#include "harness/wire/stamp.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::wire {
namespace {

std::string encoded(const Stamp& stamp) {
  std::array<char, kStampSize> out;
  encode_stamp(stamp, out);
  return {out.data(), out.size()};
}

TEST(Stamp, BytesAreFixed) {
  EXPECT_EQ(encoded({0, 0}), "~AAAAAAAAAAAAAA;");
  EXPECT_EQ(encoded({1, 2}), "~AAABAAAAAAAAAC;");
  EXPECT_EQ(encoded({64, 4032}), "~AABAAAAAAAAA_A;");
  EXPECT_EQ(encoded({kMaxRunTag, kMaxEventIndex}), "~______________;");
}

TEST(Stamp, RoundTrip) {
  Random random(11);
  for (int round = 0; round < 10'000; ++round) {
    const Stamp stamp{static_cast<std::uint32_t>(random.below(kMaxRunTag + 1)),
                      random.next() & kMaxEventIndex};
    const auto text = encoded(stamp);
    ASSERT_EQ(decode_stamp(text), stamp);
    ASSERT_EQ(decode_stamp(text + "payload"), stamp);
  }
}

TEST(Stamp, ForeignTextIsNoStamp) {
  const auto good = encoded({5, 77});
  for (std::size_t size = 0; size < kStampSize; ++size) {
    EXPECT_FALSE(decode_stamp(std::string_view(good).substr(0, size)));
  }
  for (std::size_t at = 0; at < kStampSize; ++at) {
    for (const char wrong : {' ', '+', '/', '=', '\0', '\x80', '\xFF'}) {
      auto text = good;
      text[at] = wrong;
      EXPECT_FALSE(decode_stamp(text)) << at << " " << static_cast<int>(wrong);
    }
  }
}

TEST(StampDeath, RangesAreChecked) {
  std::array<char, kStampSize> out;
  EXPECT_DEATH(encode_stamp({kMaxRunTag + 1, 0}, out), "kMaxRunTag");
  EXPECT_DEATH(encode_stamp({0, kMaxEventIndex + 1}, out), "kMaxEventIndex");
}

}  // namespace
}  // namespace pushbench::wire
