#include "harness/swarm/cell_merge.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::swarm {
namespace {

using result::Counter;
using std::chrono::seconds;

plan::Scenario rooms(std::uint32_t clients, std::uint32_t topics, std::uint32_t per_client) {
  plan::Scenario s;
  s.clients = clients;
  s.topics = topics;
  s.topics_per_client = per_client;
  s.events.rate_per_s = 10;
  s.events.arrival = plan::Arrival::kConstant;
  s.phases.warmup = seconds(1);
  s.phases.measure = seconds(2);
  return s;
}

constexpr std::uint64_t kAll = ~std::uint64_t{0};

TEST(CellMerge, BroadcastOwesEveryEventToEveryClient) {
  const auto expected = expected_of(rooms(7, 1, 1), kAll);
  EXPECT_EQ(expected.events, 20U);
  EXPECT_EQ(expected.deliveries, 140U);
}

TEST(CellMerge, RoomsOweToTheirMembersOnly) {
  EXPECT_EQ(expected_of(rooms(10, 5, 1), kAll).deliveries, 40U);
  EXPECT_EQ(expected_of(rooms(10, 10, 1), kAll).deliveries, 20U);
  EXPECT_EQ(expected_of(rooms(10, 5, 3), kAll).deliveries, 120U);
}

TEST(CellMerge, ACutRunOwesWhatFellDue) {
  EXPECT_EQ(expected_of(rooms(7, 1, 1), 10).deliveries, 0U);
  EXPECT_EQ(expected_of(rooms(7, 1, 1), 13).deliveries, 21U);
}

TEST(CellMerge, AccountsClose) {
  result::CellResult cell;
  cell.counters[Counter::kDelivered] = 130;
  cell.counters[Counter::kSocketsOpened] = 10;
  cell.counters[Counter::kSocketsClosedWell] = 6;
  cell.counters[Counter::kSocketsCut] = 3;
  close_accounts(cell, {.events = 20, .deliveries = 140});
  EXPECT_EQ(cell.counters[Counter::kExpected], 140U);
  EXPECT_EQ(cell.counters[Counter::kLost], 10U);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpenAtEnd], 1U);
  EXPECT_EQ(cell.events_measured, 20U);
}

TEST(CellMerge, SeriesHaveOneLength) {
  result::Series series;
  series.time_wait = {1, 2};
  merge_series(
      series, 3, true,
      std::vector<SecondPoint>(5, {.received = 4, .worst_latency_ns = 9, .sockets_open = 2}), {7});
  EXPECT_EQ(series.at_s, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(series.published_per_s, (std::vector<double>{7, 0, 0}));
  EXPECT_EQ(series.received_per_s, (std::vector<double>{4, 4, 4}));
  ASSERT_EQ(series.time_wait.size(), 3U);
  EXPECT_EQ(series.time_wait[1], 2);
  EXPECT_TRUE(std::isnan(series.time_wait[2]));
  EXPECT_EQ(series.server_cpu_share.size(), 3U);
}

TEST(CellMerge, ALongCellIsThinnedToWhatAFileMayHold) {
  result::Series series;
  std::vector<SecondPoint> points(result::kMaxSeriesPoints + 1, {.received = 4, .sockets_open = 2});
  points[0].worst_latency_ns = 9;
  merge_series(series, points.size(), false, points, {});
  EXPECT_EQ(series.at_s.size(), result::kMaxSeriesPoints / 2 + 1);
  EXPECT_EQ(series.at_s[0], 2);
  EXPECT_EQ(series.at_s.back(), static_cast<double>(points.size()));
  EXPECT_EQ(series.received_per_s[0], 4);
  EXPECT_EQ(series.worst_latency_ns[0], 9);
  EXPECT_TRUE(series.time_wait.empty());
}

}  // namespace
}  // namespace pushbench::swarm
