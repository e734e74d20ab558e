// Made-up results that look like real ones, for the tests of this room and of the reports, and for
// their goldens. The same to the bit on every machine: integer arithmetic and sums of seeded draws,
// nothing from the mathematics library.
#pragma once

#include "harness/result/run_result.h"

namespace pushbench::result {

// "chat": six cells, one of each strategy variant, valid, every part of a result filled.
RunResult example_result();
// The same interrupted: few events, a cell with lost events and cut connections, a debug build, a
// server that is not ours.
RunResult doubtful_result();
// The least that a run can be: one cell in which nothing was measured.
RunResult minimal_result();

}  // namespace pushbench::result
