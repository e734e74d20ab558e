// A cell of a strategy, else as by default, for the tests of this room.
#pragma once

#include "harness/plan/scenario.h"

#include <string>

namespace pushbench::model {

inline plan::StrategySpec cell_of(const std::string& strategy,
                                  const std::string& encoding = "chunked") {
  plan::StrategySpec spec;
  spec.strategy = strategy;
  spec.encoding = encoding;
  return spec;
}

}  // namespace pushbench::model
