// The verdict on a run: may its numbers be believed? Applies the rules of run_rules.h,
// delivery_rules.h and measure_rules.h. The worst caveat is the verdict; a note changes nothing.
// Invalid ends the process with exit code 3. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <vector>

namespace pushbench::result {

// Fills caveats and verdict from cells and environment; idempotent. Caveats that no rule here makes
// (the swarm's, for what only it saw) are kept and count in the verdict.
void judge_validity(RunResult& run);

// All rules, for the README: id, severity, limit and remedy in Markdown.
std::string validity_reference();

}  // namespace pushbench::result
