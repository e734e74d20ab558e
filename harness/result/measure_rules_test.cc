#include "harness/result/measure_rules.h"

#include "harness/result/sound_run.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pushbench::result {
namespace {

using stats::Nanos;

std::string caveats_with_lag(stats::Histogram CellResult::*member,
                             std::int64_t ns,
                             std::int64_t p50) {
  return caveats_of_cell([=](CellResult& cell) {
    cell.*member = stats::Histogram();
    (cell.*member).record(Nanos{ns}, 1000);
    cell.latency = stats::Histogram();
    cell.latency.record(Nanos{p50}, 1000);
  });
}

// 1 ms is allowed up to a median of 20 ms, 5 % of the median above. The first value of each pair
// stays a bucket's width (0.1 %) below the limit.
TEST(MeasureRules, LagOfPublisherAndTimers) {
  for (const auto& [member, id] : {std::pair{&CellResult::publisher_lag, "publisher-lag"},
                                   std::pair{&CellResult::loop_lag, "loop-lag"}}) {
    const std::string name = id;
    EXPECT_EQ(caveats_with_lag(member, 999'000, 2'000'000), "");
    EXPECT_EQ(caveats_with_lag(member, 1'002'000, 2'000'000), "suspect " + name);
    EXPECT_EQ(caveats_with_lag(member, 19'960'000, 2'000'000), "suspect " + name);
    EXPECT_EQ(caveats_with_lag(member, 20'040'000, 2'000'000), "invalid " + name);
    EXPECT_EQ(caveats_with_lag(member, 24'900'000, 500'000'000), "");
    EXPECT_EQ(caveats_with_lag(member, 25'100'000, 500'000'000), "suspect " + name);
    EXPECT_EQ(caveats_with_lag(member, 502'000'000, 500'000'000), "invalid " + name);
  }
}

TEST(MeasureRules, TooFewEvents) {
  const auto events = [](std::uint64_t n) {
    return caveats_of_cell([n](CellResult& cell) {
      cell.events_measured = n;
      cell.counters[Counter::kPublished] = n;
    });
  };
  EXPECT_EQ(events(299), "");
  EXPECT_EQ(events(298), "suspect few-events");
}

TEST(MeasureRules, ClippedLatencies) {
  const auto record = [](Nanos latency) {
    return caveats_of_cell([latency](CellResult& cell) { cell.latency.record(latency); });
  };
  EXPECT_EQ(record(std::chrono::hours(2)), "suspect clipped-latency");
  EXPECT_EQ(record(std::chrono::minutes(59)), "");
}

TEST(MeasureRules, BusyWorkers) {  // 10 s measured, 2 workers
  const auto busy = [](std::uint64_t cpu_ns, std::uint32_t workers) {
    return caveats_of_cell([=](CellResult& cell) {
      cell.generator.worker_cpu_ns = cpu_ns;
      cell.generator.workers = workers;
    });
  };
  EXPECT_EQ(busy(17'900'000'000, 2), "");
  EXPECT_EQ(busy(18'100'000'000, 2), "suspect generator-busy");
  EXPECT_EQ(busy(18'100'000'000, 0), "");  // unknown
}

TEST(MeasureRules, ThreadsWithoutAProcessor) {  // 10 s measured, 1 worker and the publisher
  const auto waited = [](std::uint64_t ns) {
    return caveats_of_cell([ns](CellResult& cell) {
      cell.generator.workers = 1;
      cell.generator.run_queue_wait_ns = ns;
    });
  };
  EXPECT_EQ(waited(4'900'000'000), "");
  EXPECT_EQ(waited(5'100'000'000), "suspect run-queue");
}

TEST(MeasureRules, ALinkThatIsLate) {  // 50 ms one way
  const auto late = [](Nanos error, Nanos rtt) {
    return caveats_after([=](RunResult& run, CellResult& cell) {
      run.scenario.link = plan::LinkSpec{.rtt = rtt};
      cell.link_error.record(error, 1000);
    });
  };
  EXPECT_EQ(late(Nanos{2'490'000}, std::chrono::milliseconds(100)), "");
  EXPECT_EQ(late(Nanos{2'510'000}, std::chrono::milliseconds(100)), "suspect link-error");
  EXPECT_EQ(late(Nanos{2'510'000}, Nanos{0}), "");  // shapes and does not delay
}

TEST(MeasureRules, TimeThatTheHostTook) {
  const auto stolen = [](std::optional<double> share) {
    return caveats_of_cell([share](CellResult& cell) { cell.generator.steal_share = share; });
  };
  EXPECT_EQ(stolen(std::nullopt), "");
  EXPECT_EQ(stolen(0.01), "");
  EXPECT_EQ(stolen(0.011), "suspect steal");
}

TEST(MeasureRules, EventsThatWereNotPublished) {  // of 1,000
  const auto published = [](std::uint64_t n) {
    return [n](RunResult&, CellResult& cell) {
      cell.events_measured = 1'000;
      cell.counters[Counter::kPublished] = n;
    };
  };
  EXPECT_EQ(caveats_after(published(990)), "");
  EXPECT_EQ(caveats_after(published(989)), "invalid publish-rate");
  EXPECT_EQ(text_after(published(900)),
            "900 of 1,000 planned events were published, 90/s instead of 100/s");
}

TEST(MeasureRules, DeliveriesThatPileUp) {  // 20,000 expected in 10 s
  const auto received = [](std::uint64_t n, const std::string& strategy) {
    return caveats_of_cell([&](CellResult& cell) {
      cell.strategy.strategy = strategy;
      cell.strategy.interval = std::chrono::seconds(1);
      cell.counters[Counter::kReceived] = n;
    });
  };
  EXPECT_EQ(received(18'000, "websocket"), "");
  EXPECT_EQ(received(17'999, "websocket"), "suspect receive-rate");
  EXPECT_EQ(received(16'000, "polling"), "");  // a poll's interval is a tenth of the window
  EXPECT_EQ(received(15'999, "polling"), "suspect receive-rate");
}

// Measured from second 2 to 11; what lies outside must not count.
std::function<void(RunResult&, CellResult&)> means(const std::vector<double>& ms) {
  return [ms](RunResult&, CellResult& cell) {
    cell.phases = {
        .warmup_s = 1, .measure_s = 2, .drain_s = 2 + static_cast<double>(ms.size()), .end_s = 20};
    cell.series.at_s = {1, 2};
    cell.series.mean_latency_ns = {900e6, 900e6};
    for (const double one : ms) {
      cell.series.at_s.push_back(cell.series.at_s.back() + 1);
      cell.series.mean_latency_ns.push_back(one * 1e6);
    }
    cell.series.at_s.push_back(cell.series.at_s.back() + 1);
    cell.series.mean_latency_ns.push_back(900e6);
  };
}

TEST(MeasureRules, LatencyThatDrifts) {
  EXPECT_EQ(caveats_after(means({10, 10, 10, 9, 9, 9, 8, 8, 8})), "");  // 25 % of 8 ms
  EXPECT_EQ(caveats_after(means({11, 11, 11, 9, 9, 9, 8, 8, 8})), "suspect drift");
  EXPECT_EQ(caveats_after(means({8, 8, 8, 9, 9, 9, 11, 11, 11})), "suspect drift");
  EXPECT_EQ(caveats_after(means({0.2, 0.2, 0.2, 0.5, 0.5, 0.5, 1.1, 1.1, 1.1})), "");  // < 1 ms
  EXPECT_EQ(caveats_after(means({5, 15, 10, 5, 15, 10, 20, 10, 15})), "");  // within its scatter
  EXPECT_EQ(text_after(means({11, 11, 11, 9, 9, 9, 8, 8, 8})),
            "mean latency went from 11.0 ms in the first third of the measure phase to 8.00 ms in "
            "the last");
}

TEST(MeasureRules, DriftNeedsThreePointsAThird) {
  EXPECT_EQ(caveats_after(means({90, 90, 90, 9, 9, 8, 8, 8})), "");
  EXPECT_EQ(caveats_after(means({90, 90, 90, 9, std::nan(""), 9, 8, 8, 8})), "");
  EXPECT_EQ(caveats_of_cell([](CellResult& cell) {
              cell.series.at_s = {1, 2, 3, 4, 5, 6, 7, 8, 9};
              cell.series.mean_latency_ns = {9e8, 9e8, 9e8, 1, 1, 1, 1, 1, 1};  // no phases
            }),
            "");
}

}  // namespace
}  // namespace pushbench::result
