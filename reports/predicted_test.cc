#include "reports/predicted.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

result::RunResult run_of(double measured_per_delivery, const result::Predicted& predicted) {
  auto run = result::minimal_result();
  auto& cell = run.cells[0];
  cell.counters[result::Counter::kReceived] = 10;
  cell.counters[result::Counter::kPayloadDown] =
      static_cast<std::uint64_t>(10 * measured_per_delivery);
  cell.predicted["bytes_per_delivery"] = predicted;
  return run;
}

std::vector<std::string> figures_of(const result::RunResult& run) {
  const auto tables = predicted_tables(run, Extent::kBrief);
  EXPECT_EQ(tables.size(), 1U);
  return tables.empty() ? std::vector<std::string>() : tables[0].rows.at(0).figures;
}

using Figures = std::vector<std::string>;

TEST(Predicted, ResidualsAndIntervals) {
  EXPECT_EQ(figures_of(run_of(12, {.mean = 10, .low = 9, .high = 12})),
            (Figures{"12 B", "10 B", "9 B", "12 B", "+2 B", "yes"}));
  EXPECT_EQ(figures_of(run_of(8, {.mean = 10, .low = 9, .high = 12})),
            (Figures{"8 B", "10 B", "9 B", "12 B", "−2 B", "no"}));
  EXPECT_EQ(figures_of(run_of(10, {.mean = 10, .low = 10, .high = 10})),
            (Figures{"10 B", "10 B", "10 B", "10 B", "0 B", "yes"}));
}

TEST(Predicted, WithoutAMeasurementThereIsNoResidual) {
  auto run = run_of(10, {.mean = 10, .low = 9, .high = 11});
  run.cells[0].counters[result::Counter::kReceived] = 0;
  EXPECT_EQ(figures_of(run), (Figures{"-", "10 B", "9 B", "11 B", "-", "-"}));
}

TEST(Predicted, TheTerminalShowsLatencyAndBytesOnly) {
  auto run = run_of(10, {.mean = 10, .low = 9, .high = 11});
  run.cells[0].predicted["latency_mean_ns"] = {.mean = 5e8, .low = 4e8, .high = 6e8};
  run.cells[0].predicted["requests"] = {.mean = 5, .low = 5, .high = 5};
  run.cells[0].predicted["no such metric"] = {};
  const auto brief = predicted_tables(run, Extent::kBrief);
  ASSERT_EQ(brief.size(), 2U);
  EXPECT_EQ(brief[0].part, "mean latency");
  EXPECT_EQ(brief[1].part, "bytes/delivery");
  EXPECT_EQ(predicted_tables(run, Extent::kFull).size(), 3U);
}

}  // namespace
}  // namespace pushbench::reports
