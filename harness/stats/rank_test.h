// Whether one sample tends to lie above another, and by what factor. Mann and Whitney 1947 (the U
// test), two-sided. Exact by the shift algorithm of Streitberg and Röhmel 1986, which counts the
// splits of the pooled midranks and so holds with ties too; beyond kMostExact values the normal
// approximation with corrections for ties and continuity (Lehmann, "Nonparametrics", 2006, section
// 1.2). Hodges and Lehmann 1963: the shift that belongs to the test, here of logarithms, which
// makes it a ratio. Hodges and Lehmann 1962: the test within blocks of values that have something
// in common, aligned ranks. Noether 1987: how many values the test needs. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace pushbench::stats {

inline constexpr std::size_t kMostExact = 60;  // values of both samples together

struct RankTest {
  double u = 0;  // pairs in which the first sample's value is the greater; a tie is half a pair
  double p = 1;  // two-sided
};

// REQUIRES: both samples have values, none of them NaN.
RankTest mann_whitney(std::span<const double> a, std::span<const double> b);
RankTest mann_whitney_exact(std::span<const double> a, std::span<const double> b);
RankTest mann_whitney_normal(std::span<const double> a, std::span<const double> b);

// Values that were taken under the same circumstances, which differ between blocks.
struct RankBlock {
  std::vector<double> a, b;
};
// The mean of each block is taken off, all values are ranked together, and what could have come by
// chance are the splits within the blocks: all of them up to kMostExact values, else the normal
// approximation. One block is the test above. `u` is of the aligned values.
// REQUIRES: each sample has values in every block, none of them NaN.
RankTest rank_test_in_blocks(std::span<const RankBlock> blocks);

// Median over all pairs of head / base; nullopt unless all values are above 0 and finite.
std::optional<double> median_ratio(std::span<const double> base, std::span<const double> head);

// Values a sample, of two alike, with which the test finds at significance `p` with 90 % power that
// a pair has probability `share` of being in one order rather than the other. None for 1/2.
std::optional<double> values_needed(double share, double p);

}  // namespace pushbench::stats
