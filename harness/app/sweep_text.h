// Which strategy wins where, of a sweep: a line of text for every value of one key, a grid for two,
// a list for more. Pure.
#pragma once

#include "harness/study/sweep.h"

#include <string>
#include <vector>

namespace pushbench::app {

std::string sweep_text(const study::Sweep& sweep,
                       const std::vector<const result::Metric*>& metrics);

}  // namespace pushbench::app
