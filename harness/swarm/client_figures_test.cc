#include "harness/swarm/client_figures.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace pushbench::swarm {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;

double exact(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::max<std::size_t>(1, rank) - 1];
}

// Within the width of one bucket, for each of the three widths.
TEST(ClientFigures, QuantilesAreWithinTheErrorThatTheHeaderNames) {
  struct Case {
    double low, high, error;
  };
  for (const Case& c :
       {Case{5e3, 9e5, 0.25}, Case{5e3, 1.9e8, 0.5}, Case{5e3, 9e9, 1.0}, Case{9e8, 1e9, 1.0}}) {
    Random random(3);
    ClientFigures figures;
    std::vector<double> values;
    for (int i = 0; i < 5000; ++i) {
      const double ns = std::round(c.low * std::pow(c.high / c.low, random.uniform()));
      values.push_back(ns);
      figures.record(Nanos(static_cast<std::int64_t>(ns)));
    }
    for (const double q : {0.01, 0.5, 0.9, 0.99, 1.0}) {
      const double want = exact(values, q);
      const auto got = static_cast<double>(figures.quantile(q).count());
      EXPECT_NEAR(got, want, c.error * want) << c.high << " at " << q;
    }
    EXPECT_EQ(figures.count, 5000U);
    EXPECT_EQ(static_cast<double>(figures.worst_ns), exact(values, 1));
    EXPECT_EQ(figures.quantile(1).count(), figures.worst_ns);
  }
}

TEST(ClientFigures, NothingRecordedIsNothing) {
  EXPECT_EQ(ClientFigures().quantile(0.5), Nanos(0));
}

TEST(ClientFigures, TakesWhatIsOutOfRange) {
  ClientFigures figures;
  figures.record(Nanos(0));
  figures.record(hours(5));
  EXPECT_EQ(figures.quantile(1), hours(5));
  EXPECT_LT(figures.quantile(0.5), microseconds(9));
}

// An hour at 1,000 a second: counters of 16 bits are halved on the way, the shape stays.
TEST(ClientFigures, AFullCounterKeepsTheTail) {
  ClientFigures figures;
  for (int i = 0; i < 3'600'000; ++i) {
    figures.record(i % 50 == 0 ? milliseconds(100) : milliseconds(1));
  }
  EXPECT_EQ(figures.count, 3'600'000U);
  EXPECT_NEAR(static_cast<double>(figures.quantile(0.5).count()), 1e6, 0.5e6);
  EXPECT_NEAR(static_cast<double>(figures.quantile(0.975).count()), 1e6, 0.5e6);
  EXPECT_NEAR(static_cast<double>(figures.quantile(0.985).count()), 1e8, 0.5e8);
}

TEST(ClientFigures, MergesAcrossWidthsAndFullCounters) {
  ClientFigures fine;
  ClientFigures coarse;
  for (int i = 0; i < 60'000; ++i) {
    fine.record(microseconds(100));
    coarse.record(microseconds(100));
  }
  coarse.record(std::chrono::seconds(2));
  for (const bool into_fine : {true, false}) {
    ClientFigures sum = into_fine ? fine : coarse;
    sum.merge(into_fine ? coarse : fine);
    EXPECT_EQ(sum.count, 120'001U);
    EXPECT_EQ(sum.sum_ns, 120'000 * 100'000LL + 2'000'000'000LL);
    EXPECT_EQ(sum.worst_ns, 2'000'000'000);
    EXPECT_NEAR(static_cast<double>(sum.quantile(0.99).count()), 1e5, 1e5);
  }
}

TEST(ClientFigures, AreSmall) {
  EXPECT_EQ(sizeof(LogHistogram), 64U);
  EXPECT_EQ(sizeof(ClientFigures), 88U);
}

}  // namespace
}  // namespace pushbench::swarm
