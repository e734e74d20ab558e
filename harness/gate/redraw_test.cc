#include "harness/gate/redraw.h"

#include "harness/gate/made_facts.h"

#include <gtest/gtest.h>

namespace pushbench::gate {
namespace {

TEST(Redraw, BinomialDrawsHaveTheirMeanAndDeviation) {
  Random random(1);
  for (const std::uint64_t n : {20U, 5000U}) {
    double sum = 0;
    double squares = 0;
    constexpr int kDraws = 4000;
    for (int i = 0; i < kDraws; ++i) {
      const auto drawn = static_cast<double>(binomial_draw(random, n, 0.3));
      sum += drawn;
      squares += drawn * drawn;
    }
    const double mean = sum / kDraws;
    const double expected = 0.3 * static_cast<double>(n);
    const double variance = expected * 0.7;
    EXPECT_NEAR(mean, expected, 4 * std::sqrt(variance / kDraws));
    EXPECT_NEAR(squares / kDraws - mean * mean, variance, variance * 0.1);
  }
}

TEST(Redraw, AQuantileMovesAmongTheValuesOfItsRun) {
  CellFacts cell = made_cell({{"latency_p50_ns", 50}});
  Within within{.quantile = 0.5, .draws = 400, .shares = {}, .seconds = {}};
  for (int i = 1; i <= 100; ++i) {
    within.shares.emplace_back(i / 100.0, i);
  }
  cell.within["latency_p50_ns"] = within;
  const auto run = drawn_run(cell, "latency_p50_ns");
  ASSERT_TRUE(run.redraw);
  Random random(2);
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 2000; ++i) {
    const double drawn = run.redraw(random);
    sum += drawn;
    squares += drawn * drawn;
  }
  const double mean = sum / 2000;
  EXPECT_NEAR(mean, 50.5, 0.5);
  // 100 sqrt(q (1 - q) / 400): 2.5
  EXPECT_NEAR(std::sqrt(squares / 2000 - mean * mean), 2.5, 0.3);
}

TEST(Redraw, ARatioIsDrawnBySeconds) {
  CellFacts cell = made_cell({{"server_cpu_ns_per_delivery", 6000}});
  Within within;
  within.seconds = {{0.2, 100}, {0.3, 100}, {0.1, 100}};
  cell.within["server_cpu_ns_per_delivery"] = within;
  const auto run = drawn_run(cell, "server_cpu_ns_per_delivery");
  ASSERT_TRUE(run.redraw);
  Random random(3);
  double low = 1e9;
  double high = 0;
  for (int i = 0; i < 200; ++i) {
    const double drawn = run.redraw(random);
    low = std::min(low, drawn);
    high = std::max(high, drawn);
  }
  EXPECT_NEAR(low, 3000, 1);
  EXPECT_NEAR(high, 9000, 1);
  cell.within["server_cpu_ns_per_delivery"].seconds.pop_back();
  EXPECT_FALSE(drawn_run(cell, "server_cpu_ns_per_delivery").redraw);
}

TEST(Redraw, WhatIsNotKnownToScatterStaysAsItIs) {
  const CellFacts cell = made_cell({{"bytes_per_delivery", 132}});
  const auto run = drawn_run(cell, "bytes_per_delivery");
  EXPECT_EQ(run.value, 132);
  EXPECT_FALSE(run.redraw);
}

}  // namespace
}  // namespace pushbench::gate
