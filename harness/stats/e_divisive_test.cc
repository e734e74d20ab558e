#include "harness/stats/e_divisive.h"

#include "harness/base/random.h"
#include "harness/stats/golden_cases.h"

#include <gtest/gtest.h>

namespace pushbench::stats {
namespace {

TEST(EDivisive, CutsWhereTheSumsOfThePaperAreGreatest) {
  for (const auto& one : golden_cases("best_cut")) {
    const auto series = golden_numbers(one.at("series"));
    const auto cut = best_cut(series, {.least_segment = one.at("least").to_number<std::size_t>()});
    EXPECT_EQ(cut.at, one.at("cut").to_number<std::size_t>()) << one.at("name");
    EXPECT_NEAR(cut.statistic, one.at("statistic").to_number<double>(), 1e-9) << one.at("name");
  }
}

std::vector<double> series_of(const std::vector<std::pair<double, int>>& levels,
                              std::uint64_t seed) {
  Random random(seed);
  std::vector<double> out;
  for (const auto& [level, count] : levels) {
    for (int i = 0; i < count; ++i) {
      out.push_back(level * (1 + 0.03 * random.normal()));
    }
  }
  return out;
}

TEST(EDivisive, FindsTwoChangesWhereTheyAre) {
  const auto found = e_divisive(series_of({{100, 15}, {115, 12}, {95, 15}}, 7));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].at, 15U);
  EXPECT_EQ(found[1].at, 27U);
  EXPECT_LE(found[0].p, 0.01);
}

TEST(EDivisive, CriesWolfNoMoreOftenThanItsLevel) {
  int alarms = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const EDivisive how{.significance = 0.05, .permutations = 199, .seed = seed};
    alarms += e_divisive(series_of({{100, 24}}, seed), how).empty() ? 0 : 1;
  }
  EXPECT_LE(alarms, 20);  // 10 are expected; more than 20 have a chance of 0.1 %
}

TEST(EDivisive, LeavesShortAndConstantSeriesAlone) {
  EXPECT_TRUE(e_divisive(std::vector<double>{}).empty());
  EXPECT_TRUE(e_divisive(std::vector<double>{1, 2, 3, 40, 50, 60}).empty());
  EXPECT_TRUE(e_divisive(std::vector<double>(40, 132.0)).empty());
}

TEST(EDivisive, AnotherExponentFindsTheSameStep) {
  const auto found = e_divisive(series_of({{100, 12}, {120, 12}}, 3), {.exponent = 0.5});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at, 12U);
}

}  // namespace
}  // namespace pushbench::stats
