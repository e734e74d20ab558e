// The tiers that need no statistics: exact exchanges, the audit, and what closed forms explain.
// They hold on the noisiest machine. Pure.
#pragma once

#include "harness/gate/comparison.h"
#include "harness/gate/facts.h"

#include <span>
#include <string>
#include <vector>

namespace pushbench::gate {

using CellRuns = std::vector<const CellFacts*>;

// A run is outside of what is predicted by chance once in a hundred times. So many of the head's
// runs, and at least half, must be outside, and none of the base's.
inline constexpr std::size_t kLeastOutside = 3;

struct CellPair {
  std::string cell;
  CellRuns base, head;
  bool same_length_of_url = true;  // requests carry the server's address in their heads
};

// One row that says that all is the same, or a row for each count that differs.
std::vector<Row> exact_rows(const CellPair& pair);
std::vector<Row> audit_rows(const CellPair& pair, double significance);
std::vector<Row> model_rows(const CellPair& pair);

}  // namespace pushbench::gate
