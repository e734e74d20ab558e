#include "harness/stats/hgrm.h"

#include <gtest/gtest.h>

#include <sstream>

namespace pushbench::stats {
namespace {

// Byte for byte what hdr-histogram-js 3.0.1 prints for outputPercentileDistribution(2) of 1 … 8.
constexpr std::string_view kGolden =
    "       Value     Percentile TotalCount 1/(1-Percentile)\n"
    "\n"
    "       1.000 0.000000000000          1           1.00\n"
    "       2.000 0.250000000000          2           1.33\n"
    "       4.000 0.500000000000          4           2.00\n"
    "       5.000 0.625000000000          5           2.67\n"
    "       6.000 0.750000000000          6           4.00\n"
    "       7.000 0.812500000000          7           5.33\n"
    "       7.000 0.875000000000          7           8.00\n"
    "       8.000 0.906250000000          8          10.67\n"
    "       8.000 1.000000000000          8\n"
    "#[Mean    =        4.500, StdDeviation   =        2.291]\n"
    "#[Max     =        8.000, Total count    =            8]\n"
    "#[Buckets =           32, SubBuckets     =         2048]\n";

TEST(Hgrm, IsTheTextOfHdrHistogram) {
  Histogram histogram;
  for (int value = 1; value <= 8; ++value) {
    histogram.record(Nanos{value});
  }
  EXPECT_EQ(to_hgrm(histogram, 2, 1), kGolden);
}

TEST(Hgrm, PrintsMillisecondsUnlessToldOtherwise) {
  Histogram histogram;
  histogram.record(Nanos{1'500'000}, 3);
  EXPECT_EQ(to_hgrm(histogram),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "       1.500 0.000000000000          3           1.00\n"
            "       1.500 1.000000000000          3\n"
            "#[Mean    =        1.500, StdDeviation   =        0.000]\n"
            "#[Max     =        1.500, Total count    =            3]\n"
            "#[Buckets =           32, SubBuckets     =         2048]\n");
}

TEST(Hgrm, HasNoRowsWhenEmpty) {
  const Histogram histogram({1, 1000, 2});
  EXPECT_EQ(to_hgrm(histogram),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "#[Mean    =         0.00, StdDeviation   =         0.00]\n"
            "#[Max     =         0.00, Total count    =            0]\n"
            "#[Buckets =            3, SubBuckets     =          256]\n");
}

TEST(Hgrm, RowsRiseToTheMaximum) {
  Histogram histogram;
  for (int value = 1; value <= 100'000; ++value) {
    histogram.record(Nanos{value * 1000});
  }
  std::istringstream text(to_hgrm(histogram, 5, 1));
  std::string line;
  std::getline(text, line);
  std::getline(text, line);
  double value = 0;
  double level = 0;
  double last_value = 0;
  double last_level = -1;
  int rows = 0;
  for (; std::getline(text, line) && line.front() != '#'; ++rows) {
    std::uint64_t total = 0;
    std::istringstream(line) >> value >> level >> total;
    EXPECT_GE(value, last_value);
    EXPECT_GT(level, last_level);
    EXPECT_GE(static_cast<double>(total), level * 100'000 - 1e-3);
    EXPECT_EQ(histogram.quantile(level), Nanos{static_cast<std::int64_t>(value)});
    last_value = value;
    last_level = level;
  }
  EXPECT_GT(rows, 50);
  EXPECT_EQ(value, 1e8);
  EXPECT_EQ(level, 1);
}

TEST(Hgrm, EndsEvenForCountsThatNoRunReaches) {
  Histogram histogram;
  histogram.record(Nanos{1}, (std::uint64_t{1} << 53) - 1);
  histogram.record(Nanos{2}, 1);
  EXPECT_LT(to_hgrm(histogram, 1000, 1).size(), std::size_t{8} << 20);
}

TEST(HgrmDeathTest, RefusesStepsThatCannotBe) {
  const Histogram histogram;
  EXPECT_DEATH(to_hgrm(histogram, 0), "ticks_per_half");
  EXPECT_DEATH(to_hgrm(histogram, 5, 0), "unit_ns");
}

}  // namespace
}  // namespace pushbench::stats
