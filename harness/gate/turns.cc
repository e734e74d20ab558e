#include "harness/gate/turns.h"

#include <algorithm>

namespace pushbench::gate {

std::vector<stats::RankBlock> blocks_in_turn(const std::vector<TimedValue>& base,
                                             const std::vector<TimedValue>& head) {
  struct Turn {
    const TimedValue* run;
    bool of_head;
  };
  std::vector<Turn> turns;
  turns.reserve(base.size() + head.size());
  for (const auto& one : base) {
    turns.push_back({&one, false});
  }
  for (const auto& one : head) {
    turns.push_back({&one, true});
  }
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& x, const Turn& y) {
    return x.run->started_utc < y.run->started_utc;
  });
  std::vector<stats::RankBlock> out;
  stats::RankBlock block;  // a: of the head
  for (const auto& turn : turns) {
    (turn.of_head ? block.a : block.b).push_back(turn.run->value);
    if (block.a.size() >= kRunsInBlock && block.b.size() >= kRunsInBlock) {
      out.push_back(std::move(block));
      block = {};
    }
  }
  if (out.empty()) {
    return {block};
  }
  out.back().a.insert(out.back().a.end(), block.a.begin(), block.a.end());
  out.back().b.insert(out.back().b.end(), block.b.begin(), block.b.end());
  return out;
}

}  // namespace pushbench::gate
