// Whether what a result file says can be of one run: a file that was edited by hand, or put
// together from two, is refused rather than believed. What a run itself may find wrong with its
// accounts is said in its caveats and is no contradiction. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <string>

namespace pushbench::result {

// "cells[2].counters: deliveries: expected = delivered + lost + in flight does not hold, 60000 is
// not 59999; was the file edited by hand?"; empty when there is none.
std::string contradiction_in(const RunResult& run);

}  // namespace pushbench::result
