// The summary of a GitHub Actions step: Markdown that is appended to the file that
// $GITHUB_STEP_SUMMARY names, where it is set. GitHub drops a file of more than 1 MiB.
#pragma once

#include "harness/app/commands.h"
#include "harness/result/run_result.h"

#include <cstddef>

namespace pushbench::app {

inline constexpr std::size_t kStepSummaryBytes = 1024 * 1024;

// A summary that cannot be kept is said on `err`; the run is not the worse for it.
void add_step_summary(const result::RunResult& run, const Streams& streams);

}  // namespace pushbench::app
