#include "harness/model/ip_level.h"

#include "harness/model/predict.h"
#include "harness/model/test_cell.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// One event a second and client, 39 bytes, as in the table of published-size exchanges.
plan::Scenario each_second() {
  plan::Scenario scenario;
  scenario.events.rate_per_s = 1;
  scenario.events.arrival = plan::Arrival::kConstant;
  scenario.events.payload.size = 39;
  return scenario;
}

TEST(IpLevel, AddsTheHeads) {
  // A poll of 909 + 21 bytes in three segments, a WebSocket message of 2 + 21 in two.
  EXPECT_EQ(ip_bytes(909 + 21, 3, 0), 1086);
  EXPECT_EQ(ip_bytes(2 + 21, 2, 0), 127);
  EXPECT_EQ(ip_bytes(0, 3, 1), 60 + 60 + 52);
}

TEST(IpLevel, APushIsOneSegmentAndItsAcknowledgement) {
  const Prediction p = predict(each_second(), cell_of("websocket"));
  EXPECT_DOUBLE_EQ(p.segments_per_delivery.mean, 2);
  EXPECT_DOUBLE_EQ(p.segments_per_delivery.low, 1.5);
  EXPECT_DOUBLE_EQ(p.segments_per_delivery.high, 2);
  EXPECT_DOUBLE_EQ(p.ip_bytes_per_delivery.mean, 145);
  auto sse = cell_of("streaming");
  sse.encoding = "sse";
  EXPECT_DOUBLE_EQ(predict(each_second(), sse).segments_per_delivery.mean, 2);
}

TEST(IpLevel, APollIsThreeSegmentsAndALongPollToo) {
  const Prediction poll = predict(each_second(), cell_of("polling"));
  EXPECT_DOUBLE_EQ(poll.segments_per_delivery.mean, 3);
  EXPECT_NEAR(poll.ip_bytes_per_delivery.mean, poll.bytes_per_delivery.mean + 156, 1e-9);
  const Prediction held = predict(each_second(), cell_of("long-polling"));
  EXPECT_DOUBLE_EQ(held.segments_per_delivery.mean, 3);
  // Held before, and 60 ms pass before the next question: four.
  const Prediction far =
      predict(each_second(), cell_of("long-polling"), {.one_way = milliseconds(30)});
  EXPECT_DOUBLE_EQ(far.segments_per_delivery.mean, 4);
}

TEST(IpLevel, QuickPollsAcknowledgeEachOther) {
  auto scenario = each_second();
  scenario.events.rate_per_s = 50;
  auto spec = cell_of("polling");
  spec.interval = milliseconds(20);
  EXPECT_DOUBLE_EQ(predict(scenario, spec).segments_per_delivery.mean, 2);
}

TEST(IpLevel, AConnectionForEveryPollCostsEightMore) {
  auto spec = cell_of("polling");
  spec.new_connection = true;
  const Prediction p = predict(each_second(), spec);
  EXPECT_DOUBLE_EQ(p.segments_per_delivery.mean, 11);
  EXPECT_NEAR(p.ip_bytes_per_delivery.mean, p.bytes_per_delivery.mean + 11 * 52 + 16, 1e-9);
}

TEST(IpLevel, LargeEventsTakeMoreSegments) {
  auto scenario = each_second();
  scenario.events.payload.size = 5200;
  EXPECT_DOUBLE_EQ(predict(scenario, cell_of("websocket")).segments_per_delivery.mean, 5);
  EXPECT_DOUBLE_EQ(predict(scenario, cell_of("polling")).segments_per_delivery.mean, 6);
  scenario.events.arrival = plan::Arrival::kBurst;
  scenario.events.burst = 10;
  EXPECT_NEAR(predict(scenario, cell_of("websocket")).segments_per_delivery.low, 5204 / 1448.0,
              1e-9);
}

TEST(IpLevel, UpstreamEventsAreInIt) {
  auto scenario = each_second();
  scenario.upstream = plan::UpstreamSpec{.rate_per_s = 1, .payload = 64};
  const Prediction p = predict(scenario, cell_of("websocket"));
  EXPECT_DOUBLE_EQ(p.segments_per_delivery.mean, 2 + 3);
  EXPECT_DOUBLE_EQ(p.ip_bytes_per_delivery.mean, 145 + 86 + 3 * 52);
}

TEST(IpLevel, ChanceWidensTheBounds) {
  auto scenario = each_second();
  scenario.events.arrival = plan::Arrival::kPoisson;
  scenario.clients = 1;
  const Prediction p = predict(scenario, cell_of("polling"));
  EXPECT_LT(p.segments_per_delivery.low, 2.5);
  EXPECT_GT(p.segments_per_delivery.high, 4);
  EXPECT_TRUE(p.ip_bytes_per_delivery.holds(p.ip_bytes_per_delivery.mean));
}

}  // namespace
}  // namespace pushbench::model
