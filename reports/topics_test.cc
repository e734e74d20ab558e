#include "reports/topics.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

TEST(Topics, EveryColumnIsAMetric) {
  for (const auto& topic : topics_of(result::example_result())) {
    for (const auto& column : topic.columns) {
      EXPECT_NE(result::find_metric(column.metric), nullptr) << column.metric;
    }
  }
}

TEST(Topics, UpstreamShowsOnlyWhenMeasured) {
  auto run = result::example_result();
  EXPECT_EQ(topics_of(run).back().id, "upstream");
  for (auto& cell : run.cells) {
    cell.upstream_ack.clear();
    cell.counters[result::Counter::kUpstreamSent] = 0;
  }
  EXPECT_EQ(topics_of(run).back().id, "cost");
}

TEST(Topics, SaysWhenPercentilesAreWithheld) {
  EXPECT_FALSE(withholds(result::example_result()));
  EXPECT_TRUE(withholds(result::doubtful_result()));
  EXPECT_EQ(withheld_note(),
            "n too small: a percentile is withheld until enough independent events were measured; "
            "p99 needs 299, p99.9 needs 2,995.");
}

TEST(Topics, WorkloadInWords) {
  auto run = result::example_result();
  EXPECT_EQ(workload_line(run),
            "1,000 clients, 50 topics, 300 events/s (poisson), 128 B each, 10.0 s measured per "
            "cell");
  auto& scenario = run.scenario;
  scenario.clients = 1;
  scenario.topics = 1;
  scenario.repeats = 3;
  scenario.events.arrival = plan::Arrival::kBurst;
  scenario.events.payload = {.kind = plan::PayloadSpec::Kind::kUniform, .low = 20, .high = 2000};
  EXPECT_EQ(workload_line(run),
            "1 client, 1 topic, 300 events/s (burst), 20 B to 2.00 kB each, 10.0 s measured per "
            "cell, 3 repeats");
}

TEST(Topics, HeadsOnOneLine) {
  EXPECT_EQ(one_line("requests/\ndelivery"), "requests/delivery");
  EXPECT_EQ(one_line("peak\nsockets"), "peak sockets");
  EXPECT_EQ(one_line("p99"), "p99");
}

TEST(Topics, NamesTheServer) {
  EXPECT_EQ(server_name(result::example_result()), "pushbench's own server");
  EXPECT_EQ(server_name(result::doubtful_result()), "the server at http://192.0.2.7:8080");
}

}  // namespace
}  // namespace pushbench::reports
