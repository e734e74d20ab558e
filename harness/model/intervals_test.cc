#include "harness/model/intervals.h"

#include "harness/model/test_cell.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Ranges ranges_of(const plan::Scenario& scenario,
                 const plan::StrategySpec& spec,
                 const Assumptions& assumed = {}) {
  const Case c{scenario, spec, assumed};
  return intervals_of(c, totals_of(c));
}

TEST(Intervals, HoldTheirMeans) {
  plan::Scenario scenario;
  scenario.upstream.emplace();
  const Assumptions link{.one_way = milliseconds(20)};
  auto fresh = cell_of("polling");
  fresh.new_connection = true;
  for (const auto& spec : {cell_of("polling"), fresh, cell_of("long-polling"), cell_of("streaming"),
                           cell_of("websocket")}) {
    for (const auto& [metric, range] : ranges_of(scenario, spec, link)) {
      EXPECT_LE(range.low, range.mean) << spec.strategy << " " << metric;
      EXPECT_GE(range.high, range.mean) << spec.strategy << " " << metric;
      EXPECT_GE(range.low, 0) << spec.strategy << " " << metric;
      EXPECT_TRUE(std::isfinite(range.high)) << spec.strategy << " " << metric;
    }
  }
}

TEST(Intervals, LatencyOfPollsIsHeldByTheirPhases) {
  plan::Scenario scenario;
  scenario.clients = 10'000;
  const Ranges many = ranges_of(scenario, cell_of("polling"));
  EXPECT_DOUBLE_EQ(many.at("latency_mean_ns").mean, 0.5e9);
  EXPECT_DOUBLE_EQ(many.at("latency_mean_ns").low, 0.475e9);
  EXPECT_DOUBLE_EQ(many.at("latency_max_ns").mean, 1e9);
  EXPECT_GT(many.at("latency_max_ns").low, 0.999e9);
  EXPECT_DOUBLE_EQ(many.at("latency_max_ns").high, 1.05e9);
  scenario.clients = 1;  // one phase: anything from nothing to all of the interval
  const Ranges one = ranges_of(scenario, cell_of("polling"));
  EXPECT_EQ(one.at("latency_mean_ns").low, 0);
  EXPECT_GT(one.at("latency_mean_ns").high, 1e9);
  EXPECT_LT(one.at("latency_max_ns").low, 0.01e9);
}

TEST(Intervals, LoopbackLeavesALatencyOfPushesUnsaid) {
  const plan::Scenario scenario;
  EXPECT_EQ(ranges_of(scenario, cell_of("websocket")).count("latency_mean_ns"), 0U);
  EXPECT_EQ(ranges_of(scenario, cell_of("websocket")).count("empty_share"), 0U);
  const Assumptions link{.one_way = milliseconds(20)};
  const Ranges far = ranges_of(scenario, cell_of("websocket"), link);
  EXPECT_DOUBLE_EQ(far.at("latency_max_ns").mean, 20e6);
  EXPECT_DOUBLE_EQ(far.at("latency_max_ns").low, 20e6);
}

TEST(Intervals, ARareWaitMayNotBeSeen) {
  plan::Scenario scenario;
  scenario.events.rate_per_s = 1;
  const Assumptions link{.one_way = milliseconds(1)};  // two in a thousand events meet the gap
  const Range max = ranges_of(scenario, cell_of("long-polling"), link).at("latency_max_ns");
  EXPECT_DOUBLE_EQ(max.mean, 3e6);
  EXPECT_DOUBLE_EQ(max.low, 1e6);
}

// 100 clients of one topic take up to 8 ms until all have asked again: m = 0.51 events at 64 a
// second, and an answer holds m + exp(-m) of them.
TEST(Intervals, LongPollsMayBatchWhatTheMachineHasNoTimeFor) {
  plan::Scenario scenario;
  scenario.events.rate_per_s = 64;
  const Range requests = ranges_of(scenario, cell_of("long-polling")).at("requests_per_delivery");
  EXPECT_NEAR(requests.mean, 1, 0.001);
  const double m = 64 * 0.008;
  EXPECT_NEAR(requests.low, 1 / (m + std::exp(-m)), 0.03);
  scenario.topics = 100;  // nobody waits for another client
  EXPECT_GT(ranges_of(scenario, cell_of("long-polling")).at("requests_per_delivery").low, 0.99);
  const Range push = ranges_of(scenario, cell_of("websocket")).at("bytes_per_delivery");
  EXPECT_EQ(push.low, push.mean);
}

TEST(Intervals, SocketsAndTimeWait) {
  plan::Scenario scenario;
  scenario.phases.measure = seconds(10);
  auto spec = cell_of("polling");
  spec.new_connection = true;
  const Ranges fresh = ranges_of(scenario, spec);
  EXPECT_EQ(fresh.at("sockets_peak").high, 100);
  EXPECT_DOUBLE_EQ(fresh.at("time_wait_peak").mean, 100 * 14);  // 1 + 1 + 10 + a drain of 2 s
  EXPECT_DOUBLE_EQ(fresh.at("time_wait_peak").low, 0.95 * 100 * 11);
  const Ranges kept = ranges_of(scenario, cell_of("websocket"));
  EXPECT_EQ(kept.at("sockets_peak").low, 100);
  EXPECT_EQ(kept.at("sockets_peak").high, 100);
  EXPECT_EQ(kept.at("time_wait_peak").high, 0);
}

}  // namespace
}  // namespace pushbench::model
