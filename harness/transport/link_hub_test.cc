#include "harness/transport/link_hub.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

using std::chrono::milliseconds;

class LinkHubTest : public testing::Test {
 protected:
  asio::io_context context_;
  ManualTime time_{context_};
};

// Connections of one client share its line, those of two clients do not.
TEST_F(LinkHubTest, AClientHasOneLine) {
  LinkHub hub(context_, time_, {.down = 1'000'000},
              {.workers = 2, .topics_per_client = 3, .seed = 1, .worker = 1}, [](Nanos) {});
  LinkAccess& second_client = hub.access_of(3);  // client 1, the first of this worker
  EXPECT_EQ(&hub.access_of(5), &second_client);
  EXPECT_NE(&hub.access_of(9), &second_client);  // client 3
  EXPECT_EQ(&hub.access_of(11), &hub.access_of(9));
}

// Each of two workers has half of what all share: 100 kB over 10 Mbit/s are 80 ms. One client's
// line of 20 Mbit/s comes behind it: 40 ms more.
TEST_F(LinkHubTest, ASharedLineIsDividedAmongWorkers) {
  LinkHub hub(context_, time_, {.down = 20'000'000, .downlink = 20'000'000}, {.workers = 2},
              [](Nanos) {});
  LinkAccess& first = hub.access_of(0);
  LinkAccess& second = hub.access_of(2);
  const TimePoint now = time_.now();
  EXPECT_TRUE(hub.limited_down(first));
  EXPECT_FALSE(hub.limited_up(first));
  EXPECT_EQ(hub.pass_down(first, now, 100'000), now + milliseconds(80 + 40));
  EXPECT_EQ(hub.pass_down(second, now, 100'000), now + milliseconds(160 + 40));
  EXPECT_EQ(hub.pass_up(second, now, 100'000), now);
}

TEST_F(LinkHubTest, TripsAreDrawnEvenlyWithinTheJitter) {
  LinkHub hub(context_, time_, {.rtt = milliseconds(100), .jitter = milliseconds(10)}, {},
              [](Nanos) {});
  double sum_ms = 0;
  Nanos shortest = milliseconds(50);
  Nanos longest = milliseconds(50);
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i) {
    const Nanos trip = hub.draw_trip();
    ASSERT_GE(trip, milliseconds(40));
    ASSERT_LE(trip, milliseconds(60));
    shortest = std::min(shortest, trip);
    longest = std::max(longest, trip);
    sum_ms += seconds_of(trip) * 1e3;
  }
  EXPECT_NEAR(sum_ms / kDraws, 50, 0.3);  // five standard errors of 20 ms / sqrt(12 draws)
  EXPECT_LT(shortest, milliseconds(41));
  EXPECT_GT(longest, milliseconds(59));
}

}  // namespace
}  // namespace pushbench::transport
