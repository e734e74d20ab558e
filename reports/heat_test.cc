#include "reports/heat.h"

#include "harness/result/example_result.h"
#include "harness/stats/latency_over_time.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace pushbench::reports {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Heat, CountsByColumnAndBand) {
  result::LatencyColumns over_time{
      .seconds = 2,
      .columns = std::vector<stats::Histogram>(3, stats::Histogram(stats::kColumnShape))};
  over_time.columns[0].record(milliseconds(10), 5);
  over_time.columns[2].record(milliseconds(10), 1);
  over_time.columns[2].record(milliseconds(20), 2);
  const Heat heat = heat_of(over_time);
  EXPECT_EQ(heat.seconds, 2U);
  ASSERT_EQ(heat.edges_ns.size(), 6U) << "a doubling has four bands, and one begins at its end";
  EXPECT_LE(heat.edges_ns.front(), 10'000'000);
  EXPECT_GT(heat.edges_ns[1], 10'000'000);
  EXPECT_LE(heat.edges_ns[4], 20'000'000);
  EXPECT_GT(heat.edges_ns[5], 20'000'000);
  using Counts = std::vector<std::uint64_t>;
  EXPECT_EQ(heat.columns, (std::vector<Counts>{{5, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {1, 0, 0, 0, 2}}));
}

TEST(Heat, HasNoBandsWhereNothingArrived) {
  EXPECT_TRUE(heat_of({}).edges_ns.empty());
  EXPECT_TRUE(
      heat_of({.seconds = 1, .columns = {stats::Histogram(stats::kColumnShape)}}).edges_ns.empty());
}

TEST(Heat, TheHighestLatencyHasABandWithAnEnd) {
  result::LatencyColumns over_time{.seconds = 1,
                                   .columns = {stats::Histogram(stats::kColumnShape)}};
  over_time.columns[0].record(hours(1));
  const Heat heat = heat_of(over_time);
  ASSERT_EQ(heat.edges_ns.size(), 2U);
  EXPECT_LE(Nanos(heat.edges_ns[0]), hours(1));
  EXPECT_GT(Nanos(heat.edges_ns[1]), hours(1));
}

TEST(Heat, LosesNoDelivery) {
  for (const auto& cell : result::example_result().cells) {
    const Heat heat = heat_of(cell.latency_over_time);
    EXPECT_TRUE(std::is_sorted(heat.edges_ns.begin(), heat.edges_ns.end()));
    ASSERT_EQ(heat.columns.size(), cell.series.at_s.size());
    for (std::size_t i = 0; i < heat.columns.size(); ++i) {
      EXPECT_EQ(std::accumulate(heat.columns[i].begin(), heat.columns[i].end(), std::uint64_t{0}),
                cell.latency_over_time.columns[i].count());
    }
  }
}

}  // namespace
}  // namespace pushbench::reports
