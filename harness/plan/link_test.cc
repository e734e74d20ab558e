#include "harness/plan/link.h"

#include <gtest/gtest.h>

namespace pushbench::plan {
namespace {

using std::chrono::milliseconds;

TEST(Link, SaysWhatItIs) {
  EXPECT_EQ(describe({.rtt = milliseconds(100)}), "100ms round trip");
  EXPECT_EQ(describe({.rtt = milliseconds(100),
                      .jitter = milliseconds(10),
                      .down = 20'000'000,
                      .up = 1'500'000}),
            "100ms round trip ± 10ms each way, 20Mbit/s down and 1.5Mbit/s up per client");
  EXPECT_EQ(describe({.up = 64'000, .downlink = 1'000'000'000}),
            "0s round trip, 64kbit/s up per client, 1Gbit/s down shared by all");
}

TEST(Link, AWayIsHalfARoundTripAndJitterCountsOnBoth) {
  const LinkSpec link{.rtt = milliseconds(100), .jitter = milliseconds(10)};
  EXPECT_EQ(link.one_way(), milliseconds(50));
  EXPECT_EQ(link.longest_round_trip(), milliseconds(120));
}

}  // namespace
}  // namespace pushbench::plan
