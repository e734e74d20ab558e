// Runs of two sides that were made in turn, cut into blocks of neighbours. What others do on a
// machine comes for seconds and minutes, and meets neighbours alike: within a block the sides are
// compared with less of it than over all runs. Sides that were measured one after the other have no
// neighbours and are one block. Only the time of a run decides, not what it measured. Pure.
#pragma once

#include "harness/stats/rank_test.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace pushbench::gate {

inline constexpr std::size_t kRunsInBlock = 4;  // of a side: two rounds of base, head, head, base

struct TimedValue {
  std::string_view started_utc;  // ISO 8601
  double value = 0;
};

// REQUIRES: both sides have values. What is left over at the end belongs to the last block.
std::vector<stats::RankBlock> blocks_in_turn(const std::vector<TimedValue>& base,
                                             const std::vector<TimedValue>& head);

}  // namespace pushbench::gate
