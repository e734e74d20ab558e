#include "harness/stats/histogram.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <numeric>
#include <string>
#include <vector>

namespace {
std::atomic<std::size_t> allocations{0};
}  // namespace

// The whole test binary counts what it allocates, so that a test can show that recording does not.
// Not inlined: g++ 12 would see free() for memory of new and warn.
[[gnu::noinline]] void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) {
    return memory;
  }
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace pushbench::stats {
namespace {

using Draw = double (*)(Random&);

struct Distribution {
  const char* name;
  Draw draw;
};

constexpr Distribution kDistributions[] = {
    {"uniform", [](Random& random) { return 1e9 * random.uniform(); }},
    {"exponential", [](Random& random) { return 2e6 * random.exponential(); }},
    {"lognormal", [](Random& random) { return 1e5 * std::exp(2.0 * random.normal()); }},
    {"two modes",
     [](Random& random) {
       return (random.below(10) == 0 ? 5e8 : 3e4) * (1 + 0.1 * random.uniform());
     }},
    {"few values", [](Random& random) { return static_cast<double>(1 + random.below(5)); }},
};

constexpr HistogramShape kShapes[] = {{},
                                      {1, 1'000'000'000, 1},
                                      {1, 60'000'000'000, 4},
                                      {1000, 3'600'000'000'000, 3},
                                      {1'000'000, 60'000'000'000, 2},
                                      {1, 2, 3},
                                      {1, std::numeric_limits<std::int64_t>::max(), 2}};

std::vector<Nanos> draw_many(const Distribution& distribution, std::uint64_t seed, std::size_t n) {
  Random random(seed);
  std::vector<Nanos> values;
  for (std::size_t i = 0; i < n; ++i) {
    values.emplace_back(static_cast<std::int64_t>(distribution.draw(random)));
  }
  return values;
}

void record_all(Histogram& histogram, const std::vector<Nanos>& values) {
  for (const Nanos value : values) {
    histogram.record(value);
  }
}

void expect_same_figures(const Histogram& a, const Histogram& b) {
  EXPECT_TRUE(a == b);
  EXPECT_EQ(a.count(), b.count());
  EXPECT_EQ(a.clipped(), b.clipped());
  EXPECT_EQ(a.min(), b.min());
  EXPECT_EQ(a.max(), b.max());
  EXPECT_EQ(a.mean(), b.mean());
  EXPECT_EQ(a.deviation(), b.deviation());
}

TEST(BucketLayout, HasTheSizesOfHdrHistogram) {
  const BucketLayout usual{HistogramShape{}};
  EXPECT_EQ(usual.buckets(), 32U);
  EXPECT_EQ(usual.sub_buckets(), 2048U);
  EXPECT_EQ(usual.counters(), 33U * 1024);
  const BucketLayout safe_integers(HistogramShape{1, 9'007'199'254'740'991, 3});
  EXPECT_EQ(safe_integers.buckets(), 43U);
  EXPECT_EQ(safe_integers.counters(), 45'056U);
  const BucketLayout everything(HistogramShape{1, std::numeric_limits<std::int64_t>::max(), 3});
  EXPECT_EQ(everything.buckets(), 53U);
}

// HdrHistogram's own example: 3 digits, buckets double in width at 2,048, 4,096 …
TEST(BucketLayout, PutsValuesWhereHdrHistogramDoes) {
  const BucketLayout layout(HistogramShape{1, 3'600'000'000, 3});
  EXPECT_EQ(layout.index_of(0), 0U);
  EXPECT_EQ(layout.index_of(2047), 2047U);
  EXPECT_EQ(layout.index_of(2048), 2048U);
  EXPECT_EQ(layout.index_of(2049), 2048U);
  EXPECT_EQ(layout.lowest_at(layout.index_of(10'007)), 10'000);
  EXPECT_EQ(layout.highest_at(layout.index_of(10'007)), 10'007);
  EXPECT_EQ(layout.middle_at(layout.index_of(10'007)), 10'004);
}

TEST(BucketLayout, CountsInUnitsOfTheLowestValue) {
  const BucketLayout layout(HistogramShape{1024, 3'600'000'000, 3});
  EXPECT_EQ(layout.index_of(1023), 0U);
  EXPECT_EQ(layout.index_of(1024), 1U);
  EXPECT_EQ(layout.highest_at(1), 2047);
  EXPECT_EQ(layout.lowest_at(layout.index_of(10'007 * 1024)), 10'000 * 1024);
  EXPECT_EQ(layout.highest_at(layout.index_of(10'007 * 1024)), 10'008 * 1024 - 1);
}

TEST(BucketLayout, BucketsTileTheRange) {
  for (const auto& shape : kShapes) {
    const BucketLayout layout(shape);
    std::int64_t expected = 0;
    for (std::size_t i = 0; i < layout.counters(); ++i) {
      ASSERT_EQ(layout.lowest_at(i), expected);
      ASSERT_EQ(layout.index_of(layout.lowest_at(i)), i);
      ASSERT_EQ(layout.index_of(layout.highest_at(i)), i);
      ASSERT_GE(layout.middle_at(i), layout.lowest_at(i));
      ASSERT_LE(layout.middle_at(i), layout.highest_at(i));
      expected = i + 1 < layout.counters() ? layout.highest_at(i) + 1 : 0;
    }
    EXPECT_LT(layout.index_of(shape.highest), layout.counters());
  }
}

TEST(HistogramShape, SaysWhatIsWrong) {
  EXPECT_EQ(shape_fault({}), "");
  EXPECT_NE(shape_fault({0, 10, 3}).find("lowest"), std::string::npos);
  EXPECT_NE(shape_fault({10, 19, 3}).find("twice"), std::string::npos);
  EXPECT_NE(shape_fault({1, 10, 0}).find("digits"), std::string::npos);
  EXPECT_NE(shape_fault({1, 10, 6}).find("digits"), std::string::npos);
  const std::int64_t huge = std::int64_t{1} << 60;
  EXPECT_NE(shape_fault({huge, std::numeric_limits<std::int64_t>::max(), 3}).find("too large"),
            std::string::npos);
}

TEST(HistogramDeathTest, RefusesAnImpossibleShape) {
  EXPECT_DEATH(Histogram({0, 10, 3}), "shape_fault");
}

TEST(Histogram, IsQuietWhenEmpty) {
  const Histogram histogram;
  EXPECT_TRUE(histogram.empty());
  EXPECT_EQ(histogram.quantile(0.5), Nanos{0});
  EXPECT_EQ(histogram.min(), Nanos{0});
  EXPECT_EQ(histogram.max(), Nanos{0});
  EXPECT_EQ(histogram.mean(), 0);
  EXPECT_EQ(histogram.deviation(), 0);
}

TEST(Histogram, KnowsExactFigures) {
  for (const auto& distribution : kDistributions) {
    SCOPED_TRACE(distribution.name);
    const auto values = draw_many(distribution, 7, 10'000);
    Histogram histogram;
    record_all(histogram, values);
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    const Nanos sum = std::accumulate(values.begin(), values.end(), Nanos{0});
    EXPECT_EQ(histogram.count(), values.size());
    EXPECT_EQ(histogram.min(), *lowest);
    EXPECT_EQ(histogram.max(), *highest);
    EXPECT_EQ(histogram.mean(), static_cast<double>(sum.count()) / 10'000.0);
  }
}

TEST(Histogram, SumsBeyond64Bits) {
  Histogram histogram;
  const std::uint64_t times = std::uint64_t{1} << 40;
  histogram.record(std::chrono::hours(1), times);
  EXPECT_EQ(histogram.mean(), 3.6e12);
  EXPECT_EQ(histogram.count(), times);
}

TEST(Histogram, QuantilesAgreeWithASortedVector) {
  for (const auto& distribution : kDistributions) {
    auto values = draw_many(distribution, 11, 20'000);
    Histogram histogram;
    record_all(histogram, values);
    std::sort(values.begin(), values.end());
    for (const double q : {0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0}) {
      const auto rank = std::max(1.0, std::ceil(q * 20'000 - 1e-6));
      const auto exact = static_cast<double>(values[static_cast<std::size_t>(rank) - 1].count());
      const auto found = static_cast<double>(histogram.quantile(q).count());
      EXPECT_GE(found, exact) << distribution.name << " q " << q;
      EXPECT_LE(found, exact * 1.001) << distribution.name << " q " << q;
    }
    EXPECT_EQ(histogram.quantile(1), values.back());
  }
}

TEST(Histogram, QuantileTakesTheRankThatItNames) {
  Histogram histogram;
  for (int value = 1; value <= 1000; ++value) {
    histogram.record(Nanos{value});
  }
  for (int rank = 1; rank <= 1000; ++rank) {
    // 7 / 1000 × 1000 is a little more than 7 in binary; it still means the 7th.
    EXPECT_EQ(histogram.quantile(rank / 1000.0), Nanos{rank});
    EXPECT_EQ(histogram.quantile((rank - 0.5) / 1000.0), Nanos{rank});
  }
  EXPECT_EQ(histogram.quantile(-1), Nanos{1});
  EXPECT_EQ(histogram.quantile(2), Nanos{1000});
  EXPECT_EQ(histogram.quantile(std::nan("")), Nanos{1});
}

TEST(Histogram, DeviationComesFromBucketMidpoints) {
  Histogram histogram;
  histogram.record(Nanos{1'000'000'000}, 5);
  EXPECT_EQ(histogram.deviation(), 0);
  histogram.clear();
  histogram.record(Nanos{100}, 3);
  histogram.record(Nanos{200}, 3);
  EXPECT_DOUBLE_EQ(histogram.deviation(), 50);
}

TEST(Histogram, ClipsWhatIsOutOfRange) {
  Histogram histogram({1, 1'000'000, 3});
  histogram.record(Nanos{1'000'000});
  EXPECT_EQ(histogram.clipped(), 0U);
  histogram.record(Nanos{1'000'001});
  histogram.record(std::chrono::hours(5), 3);
  histogram.record(Nanos::max());
  EXPECT_EQ(histogram.clipped(), 5U);
  EXPECT_EQ(histogram.count(), 6U);
  EXPECT_EQ(histogram.max(), Nanos{1'000'000});
  EXPECT_EQ(histogram.mean(), 1e6);
  histogram.record(Nanos{-5});
  histogram.record(Nanos::min());
  EXPECT_EQ(histogram.clipped(), 5U);
  EXPECT_EQ(histogram.min(), Nanos{0});
  EXPECT_EQ(histogram.quantile(0.1), Nanos{0});
}

TEST(Histogram, RecordingNoTimesChangesNothing) {
  Histogram histogram;
  histogram.record(std::chrono::hours(9), 0);
  expect_same_figures(histogram, Histogram());
}

TEST(Histogram, RecordingDoesNotAllocate) {
  const auto values = draw_many(kDistributions[2], 3, 1000);
  Histogram histogram;
  Histogram other;
  other.record(Nanos{5});
  const std::size_t before = allocations.load();
  ASSERT_GT(before, 0U);  // the counter works
  record_all(histogram, values);
  histogram.record(std::chrono::hours(2), 4);
  histogram.merge(other);
  const Nanos median = histogram.quantile(0.5);
  const double deviation = histogram.deviation();
  histogram.clear();
  const std::size_t after = allocations.load();
  EXPECT_EQ(after, before);
  EXPECT_GT(median, Nanos{0});
  EXPECT_GT(deviation, 0);
}

TEST(Histogram, ClearForgetsEverything) {
  Histogram histogram;
  histogram.record(std::chrono::hours(9), 3);
  histogram.clear();
  expect_same_figures(histogram, Histogram());
}

TEST(Histogram, EqualityIsShapeAndCounts) {
  Histogram a;
  Histogram b;
  EXPECT_TRUE(a == b);
  a.record(Nanos{10'000});
  EXPECT_FALSE(a == b);
  b.record(Nanos{10'001});  // the same bucket
  EXPECT_TRUE(a == b);
  EXPECT_FALSE(Histogram() == Histogram({1, 1000, 3}));
}

TEST(Histogram, VisitsFilledBucketsInRisingOrder) {
  Histogram histogram;
  histogram.record(Nanos{10'007}, 2);
  histogram.record(Nanos{3});
  std::vector<std::array<std::uint64_t, 3>> seen;
  histogram.for_each([&seen](std::int64_t lowest, std::int64_t highest, std::uint64_t count) {
    seen.push_back(
        {static_cast<std::uint64_t>(lowest), static_cast<std::uint64_t>(highest), count});
  });
  const std::vector<std::array<std::uint64_t, 3>> expected = {{3, 3, 1}, {10'000, 10'007, 2}};
  EXPECT_EQ(seen, expected);
}

TEST(Histogram, MergeEqualsRecordingIntoOne) {
  for (const auto& shape : kShapes) {
    for (std::uint64_t seed = 0; seed < 25; ++seed) {
      Random random(seed, 1);
      Histogram parts[3] = {Histogram(shape), Histogram(shape), Histogram(shape)};
      Histogram whole(shape);
      const auto& distribution = kDistributions[seed % std::size(kDistributions)];
      for (const Nanos value : draw_many(distribution, seed, 200)) {
        const std::uint64_t times = random.below(3);
        parts[random.below(3)].record(value, times);
        whole.record(value, times);
      }
      Histogram left = parts[0];  // (a + b) + c
      left.merge(parts[1]);
      left.merge(parts[2]);
      Histogram tail = parts[2];  // (c + b) + a: another order and another grouping
      tail.merge(parts[1]);
      Histogram right = tail;
      right.merge(parts[0]);
      Histogram nested = parts[0];  // a + (c + b)
      nested.merge(tail);
      expect_same_figures(left, whole);
      expect_same_figures(right, whole);
      expect_same_figures(nested, whole);
    }
  }
}

TEST(Histogram, MergingAnEmptyOneChangesNothing) {
  Histogram histogram;
  histogram.record(Nanos{42});
  const Histogram before = histogram;
  histogram.merge(Histogram());
  expect_same_figures(histogram, before);
  Histogram empty;
  empty.merge(before);
  expect_same_figures(empty, before);
}

TEST(HistogramDeathTest, RefusesToMergeAnotherShape) {
  Histogram histogram;
  const Histogram other({1, 1000, 3});
  EXPECT_DEATH(histogram.merge(other), "shape_ == other.shape_");
}

}  // namespace
}  // namespace pushbench::stats
