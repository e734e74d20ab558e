#include "harness/swarm/cell_merge.h"

#include "harness/result/accounts.h"

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

const plan::StrategySpec kPush{.strategy = "websocket"};
constexpr std::uint64_t kAll = ~std::uint64_t{0};

TEST(CellMerge, BroadcastOwesEveryEventToEveryClient) {
  const auto expected = expected_of(rooms(7, 1, 1), kPush, kAll);
  EXPECT_EQ(expected.events, 20U);
  EXPECT_EQ(expected.deliveries, 140U);
}

TEST(CellMerge, RoomsOweToTheirMembersOnly) {
  EXPECT_EQ(expected_of(rooms(10, 5, 1), kPush, kAll).deliveries, 40U);
  EXPECT_EQ(expected_of(rooms(10, 10, 1), kPush, kAll).deliveries, 20U);
  EXPECT_EQ(expected_of(rooms(10, 5, 3), kPush, kAll).deliveries, 120U);
}

TEST(CellMerge, ACutRunOwesWhatFellDue) {
  EXPECT_EQ(expected_of(rooms(7, 1, 1), kPush, 10).deliveries, 0U);
  EXPECT_EQ(expected_of(rooms(7, 1, 1), kPush, 13).deliveries, 21U);
}

TEST(CellMerge, AccountsClose) {
  result::CellResult cell;
  cell.counters[Counter::kDelivered] = 130;
  cell.counters[Counter::kLost] = 9;
  Expectation expected;
  expected.events = 20;
  expected.deliveries = 140;
  close_accounts(cell, expected, true);
  EXPECT_EQ(cell.counters[Counter::kExpected], 140U);
  EXPECT_EQ(cell.events_measured, 20U);
  EXPECT_NE(result::imbalance_of(cell), "") << "nothing may be filled in as a difference";
  cell.counters[Counter::kInFlight] = 1;
  EXPECT_EQ(result::imbalance_of(cell), "");
}

TEST(CellMerge, WithoutAnAuditNothingIsExpected) {
  result::CellResult cell;
  Expectation expected;
  expected.events = 20;
  expected.deliveries = 140;
  close_accounts(cell, expected, false);
  EXPECT_EQ(cell.counters[Counter::kExpected], 0U);
  EXPECT_EQ(result::imbalance_of(cell), "");
}

// Two topics in turn, ten events a second: the ends and the young of each.
TEST(CellMerge, KnowsWhatIsStillYoung) {
  const auto expected = expected_of(rooms(4, 2, 1), kPush, 27, std::chrono::milliseconds(2250));
  EXPECT_EQ(expected.end_by_topic, (std::vector<std::uint64_t>{14, 13}));
  EXPECT_EQ(expected.young_by_topic, (std::vector<std::uint64_t>{12, 11}));
}

TEST(CellMerge, ConnectOrderIsCutIntoTenths) {
  CellFigures figures;
  for (std::int64_t i = 0; i < 25; ++i) {  // the later a client came, the longer its latency
    const std::int64_t order = (i * 7) % 25;
    figures.connects.push_back(
        {.at = TimePoint(seconds(order)), .deliveries = 2, .sum_ns = 2 * order});
  }
  result::CellResult cell;
  take_fairness(cell, rooms(25, 1, 1), figures);
  ASSERT_EQ(cell.connect_order.size(), 10U);
  EXPECT_EQ(cell.connect_order.front().clients, 2U);
  EXPECT_EQ(cell.connect_order.front().mean_ns, 0.5);
  EXPECT_EQ(cell.connect_order.back().clients, 3U);
  EXPECT_EQ(cell.connect_order.back().mean_ns, 23);
  figures.connects.resize(1);
  cell.connect_order.clear();
  take_fairness(cell, rooms(25, 1, 1), figures);
  EXPECT_EQ(cell.connect_order.size(), 1U);
}

TEST(CellMerge, SeriesHaveOneLength) {
  result::CellResult cell;
  result::Series& series = cell.series;
  series.time_wait = {1, 2};
  series.clients_established = {2};
  cell.server.emplace();
  CellFigures figures;
  figures.seconds = std::vector<SecondPoint>(
      5,
      {.received = 4, .timed = 2, .latency_sum_ns = 10, .worst_latency_ns = 9, .sockets_open = 2});
  figures.latencies = stats::LatencyOverTime(5);
  figures.latencies.record(figures.latencies.column_of(1), Nanos(5'000));
  figures.latencies.record(figures.latencies.column_of(3), Nanos(5'000));
  merge_series(cell, 3, figures, {7});
  EXPECT_EQ(cell.latency_over_time.seconds, 1U);
  ASSERT_EQ(cell.latency_over_time.columns.size(), 3U);
  EXPECT_EQ(cell.latency_over_time.columns[1].count(), 1U);
  EXPECT_TRUE(cell.latency_over_time.columns[2].empty());
  EXPECT_EQ(series.mean_latency_ns, (std::vector<double>{5, 5, 5}));
  EXPECT_EQ(series.worst_latency_ns, (std::vector<double>{9, 9, 9}));
  EXPECT_EQ(series.at_s, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(series.published_per_s, (std::vector<double>{7, 0, 0}));
  EXPECT_EQ(series.received_per_s, (std::vector<double>{4, 4, 4}));
  ASSERT_EQ(series.time_wait.size(), 3U);
  EXPECT_EQ(series.time_wait[1], 2);
  EXPECT_TRUE(std::isnan(series.time_wait[2]));
  ASSERT_EQ(series.clients_established.size(), 3U);
  EXPECT_TRUE(std::isnan(series.clients_established[2]));
  EXPECT_TRUE(series.server_established.empty());
  EXPECT_EQ(series.server_cpu_share.size(), 3U);
}

TEST(CellMerge, ALongCellIsThinnedToWhatAFileMayHold) {
  result::CellResult cell;
  result::Series& series = cell.series;
  CellFigures figures;
  auto& points = figures.seconds;
  points.assign(result::kMaxSeriesPoints + 1, {.received = 4, .sockets_open = 2});
  points[0].worst_latency_ns = 9;
  points[0].timed = 1;
  series.server_queue_bytes = {5, 7, 1};
  figures.latencies = stats::LatencyOverTime(points.size());
  merge_series(cell, points.size(), figures, {});
  EXPECT_EQ(cell.latency_over_time.seconds, 16U);
  EXPECT_EQ(cell.latency_over_time.columns.size(), 226U);
  EXPECT_EQ(series.at_s.size(), result::kMaxSeriesPoints / 2 + 1);
  EXPECT_EQ(series.at_s[0], 2);
  EXPECT_EQ(series.server_queue_bytes.size(), series.at_s.size());
  EXPECT_EQ(series.server_queue_bytes[0], 7);
  EXPECT_EQ(series.server_queue_bytes[1], 1);
  EXPECT_EQ(series.at_s.back(), static_cast<double>(points.size()));
  EXPECT_EQ(series.received_per_s[0], 4);
  EXPECT_EQ(series.worst_latency_ns[0], 9);
  EXPECT_TRUE(std::isnan(series.worst_latency_ns[1])) << "nothing arrived";
  EXPECT_TRUE(series.time_wait.empty());
}

// Two clients, and four more from 0.5 s into the measure phase on, of whom nothing is asked for the
// second in which they settle: the last half second is owed by all six.
TEST(Expected, WhoCameLaterOwesLess) {
  auto scenario = rooms(6, 1, 1);
  scenario.clients_profile = std::make_shared<const plan::Profile>(
      plan::Profile{.shape = plan::Profile::Shape::kSteps,
                    .steps = {{seconds(0), 2}, {std::chrono::milliseconds(500), 6}}});
  const auto expected = expected_of(scenario, kPush, kAll);
  EXPECT_EQ(expected.events, 20U);
  EXPECT_EQ(expected.deliveries, 15U * 2 + 5U * 6);
}

TEST(TakePlan, SaysWhatFellDueAndHowManyClientsThereShouldBe) {
  auto scenario = rooms(6, 1, 1);
  scenario.events.profile = std::make_shared<const plan::Profile>(plan::Profile{
      .shape = plan::Profile::Shape::kSteps, .steps = {{seconds(0), 10}, {seconds(1), 30}}});
  result::Series series;
  take_plan(series, scenario, kAll, seconds(2), 6);
  EXPECT_EQ(series.offered_per_s, (std::vector<double>{0, 0, 10, 10, 30, 0}));
  EXPECT_TRUE(series.clients_planned.empty());
  scenario.clients_profile = std::make_shared<const plan::Profile>(
      plan::Profile{.shape = plan::Profile::Shape::kRamp, .from = 2, .to = 6, .over = seconds(2)});
  series = {};
  take_plan(series, scenario, 25, seconds(2), 6);
  EXPECT_EQ(series.offered_per_s, (std::vector<double>{0, 0, 10, 10, 5, 0}));
  EXPECT_EQ(series.clients_planned, (std::vector<double>{2, 2, 2, 4, 6, 6}));
  result::CellResult cell;
  cell.series = series;
  CellFigures figures;
  figures.seconds.resize(4);
  merge_series(cell, 6, figures, {});
  EXPECT_EQ(cell.series.offered_per_s.size(), 4U);
  EXPECT_EQ(cell.series.clients_planned.size(), 4U);
}

}  // namespace
}  // namespace pushbench::swarm
