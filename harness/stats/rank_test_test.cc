#include "harness/stats/rank_test.h"

#include "harness/base/random.h"
#include "harness/stats/golden_cases.h"

#include <gtest/gtest.h>

namespace pushbench::stats {
namespace {

TEST(MannWhitney, AgreesWithScipyExactAndNormalWithTiesAndFewValues) {
  const auto cases = golden_cases("mann_whitney");
  ASSERT_GE(cases.size(), 15U);
  for (const auto& one : cases) {
    const auto a = golden_numbers(one.at("a"));
    const auto b = golden_numbers(one.at("b"));
    const auto exact = mann_whitney_exact(a, b);
    const auto normal = mann_whitney_normal(a, b);
    EXPECT_DOUBLE_EQ(exact.u, one.at("u").to_number<double>()) << one;
    EXPECT_DOUBLE_EQ(normal.u, exact.u);
    EXPECT_NEAR(exact.p, one.at("exact_p").to_number<double>(), 1e-12) << one;
    EXPECT_NEAR(normal.p, one.at("normal_p").to_number<double>(), 1e-12) << one;
  }
}

TEST(MannWhitney, TakesTheExactTestWhileTheSamplesAreFew) {
  std::vector<double> a;
  std::vector<double> b;
  for (std::size_t i = 0; i < kMostExact / 2; ++i) {
    a.push_back(static_cast<double>(2 * i));
    b.push_back(static_cast<double>(2 * i + 7));
  }
  EXPECT_EQ(mann_whitney(a, b).p, mann_whitney_exact(a, b).p);
  b.push_back(100);
  EXPECT_EQ(mann_whitney(a, b).p, mann_whitney_normal(a, b).p);
  EXPECT_NE(mann_whitney(a, b).p, mann_whitney_exact(a, b).p);
}

TEST(MannWhitney, EqualValuesSayNothing) {
  const std::vector<double> same(6, 132.0);
  EXPECT_EQ(mann_whitney(same, same).p, 1);
  EXPECT_EQ(mann_whitney_normal(same, same).p, 1);
  EXPECT_EQ(mann_whitney(same, same).u, 18);
}

// SciPy has no such test: held against every way to choose the first sample within the blocks.
double p_by_all_splits(const std::vector<RankBlock>& blocks) {
  struct Value {
    double aligned;
    std::size_t block;
    bool first;
  };
  std::vector<Value> values;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    double mean = 0;
    for (const double value : blocks[i].a) {
      mean += value / static_cast<double>(blocks[i].a.size() + blocks[i].b.size());
    }
    for (const double value : blocks[i].b) {
      mean += value / static_cast<double>(blocks[i].a.size() + blocks[i].b.size());
    }
    for (const double value : blocks[i].a) {
      values.push_back({value - mean, i, true});
    }
    for (const double value : blocks[i].b) {
      values.push_back({value - mean, i, false});
    }
  }
  const auto rank_sum = [&](std::uint32_t chosen) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((chosen >> i) % 2 == 1) {
        for (const auto& other : values) {
          sum += other.aligned < values[i].aligned ? 1 : 0;
        }
      }
    }
    return sum;
  };
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    seen |= values[i].first ? 1U << i : 0U;
  }
  double below = 0;
  double above = 0;
  double all = 0;
  for (std::uint32_t chosen = 0; chosen < 1U << values.size(); ++chosen) {
    std::vector<std::size_t> of_block(blocks.size(), 0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      of_block[values[i].block] += (chosen >> i) % 2;
    }
    bool possible = true;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      possible = possible && of_block[i] == blocks[i].a.size();
    }
    if (possible) {
      all += 1;
      below += rank_sum(chosen) <= rank_sum(seen) ? 1 : 0;
      above += rank_sum(chosen) >= rank_sum(seen) ? 1 : 0;
    }
  }
  return std::min(1.0, 2 * std::min(below, above) / all);
}

TEST(RankTestInBlocks, IsExactOverAllSplitsWithinTheBlocks) {
  Random random(7);
  for (int trial = 0; trial < 5; ++trial) {
    std::vector<RankBlock> blocks{{{0, 0}, {0, 0, 0}}, {{0, 0, 0}, {0, 0}}, {{0}, {0, 0}}};
    for (auto& block : blocks) {
      const double level = 100 * random.uniform();
      for (double& value : block.a) {
        value = level + random.uniform() + 0.3 * trial;
      }
      for (double& value : block.b) {
        value = level + random.uniform();
      }
    }
    EXPECT_NEAR(rank_test_in_blocks(blocks).p, p_by_all_splits(blocks), 1e-12);
  }
}

TEST(RankTestInBlocks, OneBlockIsTheTestOfMannAndWhitney) {
  const RankBlock block{{1, 5, 6, 9}, {2, 3, 4, 7, 8}};
  EXPECT_EQ(rank_test_in_blocks(std::vector{block}).p, mann_whitney(block.a, block.b).p);
  EXPECT_EQ(rank_test_in_blocks(std::vector{block}).u, mann_whitney(block.a, block.b).u);
}

// What differs between blocks, and hides a shift from the test over all, is nothing to it.
TEST(RankTestInBlocks, FindsAShiftThatLevelsHide) {
  std::vector<RankBlock> blocks;
  RankBlock all;
  for (const double level : {0.0, 30.0, 10.0, 20.0}) {
    RankBlock block;
    for (const double at : {0.0, 0.2, 0.4, 0.6}) {
      block.a.push_back(level + at + 1);
      block.b.push_back(level + at);
    }
    all.a.insert(all.a.end(), block.a.begin(), block.a.end());
    all.b.insert(all.b.end(), block.b.begin(), block.b.end());
    blocks.push_back(block);
  }
  EXPECT_LT(rank_test_in_blocks(blocks).p, 1e-6);
  EXPECT_GT(mann_whitney(all.a, all.b).p, 0.2);
}

TEST(RankTestInBlocks, BeyondTheExactOnesTheNormalApproximationGoesOn) {
  Random random(8);
  std::vector<RankBlock> blocks(7);
  for (auto& block : blocks) {
    for (int i = 0; i < 4; ++i) {
      block.a.push_back(random.uniform() + 0.15);
      block.b.push_back(random.uniform());
    }
  }
  const double exact = rank_test_in_blocks(blocks).p;
  blocks.push_back(blocks.front());
  blocks.push_back(blocks.back());
  const double normal = rank_test_in_blocks(blocks).p;
  EXPECT_GT(exact, 0.001);
  EXPECT_LT(exact, 0.2);
  EXPECT_GT(normal, exact / 30);
  EXPECT_LT(normal, exact * 2);
}

TEST(RankTestInBlocks, EqualValuesSayNothing) {
  const RankBlock block{{132, 132, 132}, {132, 132, 132}};
  EXPECT_EQ(rank_test_in_blocks(std::vector{block, block}).p, 1);
}

TEST(MedianRatio, AgreesWithAllPairs) {
  for (const auto& one : golden_cases("median_ratio")) {
    const auto ratio = median_ratio(golden_numbers(one.at("base")), golden_numbers(one.at("head")));
    ASSERT_TRUE(ratio);
    EXPECT_NEAR(*ratio, one.at("ratio").to_number<double>(), 1e-12);
  }
}

TEST(MedianRatio, NeedsValuesAboveZero) {
  const std::vector<double> fine{1, 2};
  const std::vector<double> zero{0, 2};
  EXPECT_FALSE(median_ratio(fine, zero));
  EXPECT_FALSE(median_ratio(zero, fine));
  EXPECT_FALSE(median_ratio(fine, {}));
}

// By simulation: with so many values about nine tests in ten find the shift.
TEST(ValuesNeeded, IsWhatTheTestTakes) {
  const double shift = 1;  // of normal draws of deviation 1: P(a < b) = Phi(1 / sqrt 2)
  const double share = 0.7602499;
  const auto needed = values_needed(share, 0.01);
  ASSERT_TRUE(needed);
  const auto n = static_cast<std::size_t>(*needed) + 1;
  EXPECT_GT(n, 20U);
  EXPECT_LT(n, 60U);
  Random random(3);
  int found = 0;
  constexpr int kTrials = 300;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> a(n);
    std::vector<double> b(n);
    for (std::size_t i = 0; i < n; ++i) {
      a[i] = random.normal();
      b[i] = random.normal() + shift;
    }
    found += mann_whitney(a, b).p < 0.01 ? 1 : 0;
  }
  EXPECT_GT(found, kTrials * 8 / 10);
  EXPECT_LT(found, kTrials * 97 / 100);
}

TEST(ValuesNeeded, KnowsNoNumberForNoDifference) {
  EXPECT_FALSE(values_needed(0.5, 0.01));
  EXPECT_FALSE(values_needed(0.9, 0));
}

}  // namespace
}  // namespace pushbench::stats
