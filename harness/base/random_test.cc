#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace pushbench {
namespace {

TEST(Random, SameSeedSameNumbers) {
  Random a(42, 1);
  Random b(42, 1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(a.next(), b.next());
  }
}

TEST(Random, SeedsAndStreamsAreIndependent) {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (std::uint64_t stream = 0; stream < 20; ++stream) {
      EXPECT_TRUE(first.insert(Random(seed, stream).next()).second) << seed << "," << stream;
    }
  }
}

TEST(Random, BelowStaysBelowAndReachesAll) {
  Random random(7);
  std::array<int, 5> seen{};
  for (int i = 0; i < 5000; ++i) {
    ++seen.at(random.below(5));
  }
  for (const int count : seen) {
    EXPECT_NEAR(count, 1000, 150);
  }
}

TEST(Random, MomentsAreRight) {
  Random random(1);
  constexpr int kDraws = 200'000;
  double exponential = 0;
  double normal = 0;
  double square = 0;
  for (int i = 0; i < kDraws; ++i) {
    exponential += random.exponential();
    const double n = random.normal();
    normal += n;
    square += n * n;
  }
  EXPECT_NEAR(exponential / kDraws, 1.0, 0.01);
  EXPECT_NEAR(normal / kDraws, 0.0, 0.01);
  EXPECT_NEAR(square / kDraws, 1.0, 0.02);
}

TEST(Random, AShuffleKeepsAllAndReachesEveryOrder) {
  Random random(7);
  std::set<std::vector<int>> orders;
  for (int i = 0; i < 200; ++i) {
    std::vector<int> values{1, 2, 3};
    random.shuffle(values);
    orders.insert(values);
    EXPECT_EQ(values[0] + values[1] + values[2], 6);
  }
  EXPECT_EQ(orders.size(), 6U);
  std::vector<int> none;
  random.shuffle(none);
  EXPECT_TRUE(none.empty());
}

}  // namespace
}  // namespace pushbench
