// The strategies of a scenario's cells as the plan sees them: how a cell is named and how long its
// reader may stay away from the server. Their options are rows of the key table below
// "strategies[].<name>". A new strategy is a row here and its rows there.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::plan {

struct StrategyRow {
  std::string_view name;
  std::string (*options)(const StrategySpec&);  // what follows the name in a cell's name
  Nanos (*pause)(const StrategySpec&);  // longest planned time between two looks at the server
};

std::span<const StrategyRow> strategy_rows();
const StrategyRow* find_strategy(std::string_view name);

// Indices, rising, of the cells whose name begins with one of `wanted` (all when it is empty). A
// wanted name that fits no cell is a failure.
Result<std::vector<std::size_t>> select_cells(const std::vector<StrategySpec>& cells,
                                              const std::vector<std::string>& wanted);

}  // namespace pushbench::plan
