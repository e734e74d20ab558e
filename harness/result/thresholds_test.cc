#include "harness/result/thresholds.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pushbench::result {
namespace {

using Op = plan::Threshold::Op;

std::string_view found(std::string_view spelling) {
  const auto* metric = find_threshold_metric(spelling);
  return metric == nullptr ? "" : metric->name;
}

TEST(Thresholds, SpellingsFindTheirMetric) {
  EXPECT_EQ(found("latency.p99"), "latency_p99_ns");
  EXPECT_EQ(found("latency.p99.9"), "latency_p999_ns");
  EXPECT_EQ(found("latency.p999"), "latency_p999_ns");
  EXPECT_EQ(found("latency.mean"), "latency_mean_ns");
  EXPECT_EQ(found("lost"), "lost");
  EXPECT_EQ(found("rate"), "received_per_s");
  EXPECT_EQ(found("server.cpu-per-delivery"), "server_cpu_ns_per_delivery");
  EXPECT_EQ(found("server.memory-per-connection"), "server_memory_bytes_per_connection");
  EXPECT_EQ(found("head.up"), "head_up_bytes");
  EXPECT_EQ(found("received.per-s"), "received_per_s");
  EXPECT_EQ(found("bytes-per-delivery"), "bytes_per_delivery");
  EXPECT_EQ(found("setup.p50"), "setup_p50_ns");
  EXPECT_EQ(found("latency"), "");
  EXPECT_EQ(found(""), "");
  EXPECT_EQ(found("latency.p98"), "");
}

TEST(Thresholds, EveryMetricIsFoundByItsOwnName) {
  for (const auto& metric : metrics()) {
    EXPECT_EQ(found(metric.name), metric.name);
  }
}

plan::Scenario scenario_with(const std::string& metric, Op op, double limit) {
  plan::Scenario scenario;
  scenario.origin = "s.yaml";
  scenario.thresholds = {
      {.text = metric + " ?", .metric = metric, .op = op, .limit = limit, .line = 7}};
  return scenario;
}

bool crossed(double actual, Op op, double limit) {
  CellResult cell;
  cell.counters[Counter::kExpected] = 100;
  cell.counters[Counter::kLost] = static_cast<std::uint64_t>(actual);
  return judge_thresholds(scenario_with("lost", op, limit), {cell}).value().at(0).crossed;
}

TEST(Thresholds, EveryComparisonAtItsEdge) {
  EXPECT_FALSE(crossed(4, Op::kLess, 5));
  EXPECT_TRUE(crossed(5, Op::kLess, 5));
  EXPECT_FALSE(crossed(5, Op::kLessEqual, 5));
  EXPECT_TRUE(crossed(6, Op::kLessEqual, 5));
  EXPECT_FALSE(crossed(5, Op::kEqual, 5));
  EXPECT_TRUE(crossed(4, Op::kEqual, 5));
  EXPECT_FALSE(crossed(5, Op::kGreaterEqual, 5));
  EXPECT_TRUE(crossed(4, Op::kGreaterEqual, 5));
  EXPECT_FALSE(crossed(6, Op::kGreater, 5));
  EXPECT_TRUE(crossed(5, Op::kGreater, 5));
}

TEST(Thresholds, EachCellIsJudgedAndNamed) {
  auto run = example_result();
  const auto judged = judge_thresholds(run.scenario, run.cells).value();
  ASSERT_EQ(judged.size(), 2 * run.cells.size());
  EXPECT_TRUE(judged[0].crossed);  // polling waits for up to a second
  EXPECT_EQ(judged[0].cell, "polling/interval=1s");
  EXPECT_FALSE(judged[5].crossed);
  EXPECT_EQ(judged[5].text, "latency.p99 < 20ms");
  EXPECT_EQ(judged[11].actual, 0);
}

// 20 clients over 4 topics: an event is owed to five.
CellResult busy_cell(std::uint64_t due, std::uint64_t published, std::uint64_t received) {
  CellResult cell;
  cell.finished = true;
  cell.measure_s = 10;
  cell.events_measured = due;
  cell.counters[Counter::kPublished] = published;
  cell.counters[Counter::kExpected] = 5 * published;
  cell.counters[Counter::kDelivered] = received;
  cell.counters[Counter::kReceived] = received;
  return cell;
}

TEST(Thresholds, ATargetIsWhatFellDue) {
  plan::Scenario scenario;
  scenario.clients = 20;
  scenario.topics = 4;
  const auto target = [&scenario](const char* metric, const CellResult& cell) {
    return target_of(*find_metric(metric), scenario, cell);
  };
  EXPECT_EQ(target("received_per_s", busy_cell(1000, 1000, 5000)), 500);
  EXPECT_EQ(target("delivered", busy_cell(1000, 1000, 5000)), 5000);
  EXPECT_EQ(target("published", busy_cell(1000, 800, 4000)), 1000);
  EXPECT_EQ(target("received_per_s", busy_cell(1000, 800, 4000)), 500) << "what was not published";
  EXPECT_EQ(target("received_per_s", busy_cell(1000, 0, 0)), 500) << "nothing was published";
  EXPECT_FALSE(target("lost", busy_cell(1000, 1000, 5000)));
  auto cut = busy_cell(1000, 500, 2500);
  cut.finished = false;
  EXPECT_FALSE(target("received_per_s", cut));
}

TEST(Thresholds, ARateIsHeldAgainstItsTarget) {
  auto scenario = scenario_with("rate", Op::kGreaterEqual, 0.99);
  scenario.thresholds[0].kind = plan::Threshold::Kind::kTarget;
  ASSERT_TRUE(check_thresholds(scenario));
  scenario.clients = 5;
  const auto judged = judge_thresholds(scenario, {busy_cell(1000, 1000, 4950),
                                                  busy_cell(1000, 1000, 4949), CellResult()})
                          .value();
  EXPECT_FALSE(judged[0].crossed);
  EXPECT_EQ(judged[0].wanted, 495);
  EXPECT_EQ(judged[0].actual, 495);
  EXPECT_TRUE(judged[1].crossed);
  EXPECT_FALSE(judged[2].actual) << "an interrupted cell owes nothing that can be told";
  EXPECT_FALSE(judged[2].crossed);
}

TEST(Thresholds, OnlyWhatTheScenarioSetsHasATarget) {
  auto scenario = scenario_with("latency.p99", Op::kLess, 0.99);
  scenario.thresholds[0].kind = plan::Threshold::Kind::kTarget;
  const auto checked = check_thresholds(scenario);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().text,
            "s.yaml:7: thresholds[0]: 'latency.p99 ?': the scenario sets no target for "
            "latency_p99_ns, only for rate, delivered and published");
}

TEST(Thresholds, AWithheldMetricIsNotJudged) {
  const auto judged =
      judge_thresholds(scenario_with("latency.p99", Op::kLess, 1), {CellResult()}).value();
  EXPECT_FALSE(judged.at(0).actual);
  EXPECT_FALSE(judged.at(0).crossed);
}

TEST(Thresholds, RepeatsHaveNamesOfTheirOwn) {
  CellResult cell;
  cell.name = "websocket";
  cell.repeat = 2;
  EXPECT_EQ(judge_thresholds(scenario_with("lost", Op::kEqual, 0), {cell}).value().at(0).cell,
            "websocket#3");
}

TEST(Thresholds, AnUnknownMetricNamesPlaceAndNearest) {
  const auto judged = judge_thresholds(scenario_with("latncy.p99", Op::kLess, 1), {});
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().code, ExitCode::kUsage);
  EXPECT_EQ(judged.error().text,
            "s.yaml:7: thresholds[0]: 'latncy.p99' is no metric, did you mean 'latency_p99'?");
  const auto far = judge_thresholds(scenario_with("\x1b[2J", Op::kLess, 1), {});
  ASSERT_FALSE(far);
  EXPECT_EQ(far.error().text,
            "s.yaml:7: thresholds[0]: '\\x1b[2J' is no metric; reports/README.md lists them");
}

TEST(Thresholds, AMistakeNamesLineColumnAndIndex) {
  const auto scenario = plan::parse_scenario(
      "name: x\nstrategies: [{websocket: {}}]\nthresholds: [lost == 0, 'latncy.p99 < 1s']\n",
      "s.yaml", ".");
  ASSERT_TRUE(scenario) << scenario.error().text;
  const auto checked = check_thresholds(*scenario);
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().text.starts_with("s.yaml:3:26: thresholds[1]: 'latncy.p99' is no"))
      << checked.error().text;
}

TEST(Thresholds, ALimitHasTheUnitOfItsMetric) {
  using Kind = plan::Threshold::Kind;
  const auto fits = [](const std::string& metric, double limit, Kind kind) {
    auto scenario = scenario_with(metric, Op::kLess, limit);
    scenario.thresholds.at(0).kind = kind;
    return check_thresholds(scenario).has_value();
  };
  EXPECT_TRUE(fits("latency.p99", 2e7, Kind::kDuration));
  EXPECT_FALSE(fits("latency.p99", 20, Kind::kNumber));  // 20 ns is nobody's limit
  EXPECT_TRUE(fits("latency.p99", 0, Kind::kNumber));
  EXPECT_FALSE(fits("lost", 1e6, Kind::kDuration));
  EXPECT_TRUE(fits("lost", 3, Kind::kNumber));
  EXPECT_FALSE(fits("bytes-per-delivery", 2e7, Kind::kDuration));
  EXPECT_TRUE(fits("bytes-per-delivery", 200, Kind::kBytes));
  EXPECT_TRUE(fits("received-per-s", 100, Kind::kRate));
  auto scenario = scenario_with("latency.p99", Op::kLess, 20);
  EXPECT_NE(check_thresholds(scenario).error().text.find("a duration such as 20ms"),
            std::string::npos)
      << check_thresholds(scenario).error().text;
}

}  // namespace
}  // namespace pushbench::result
