// What a reader of a CI job wants first, as GitHub Markdown: the verdict, the answer, one table and
// the thresholds; everything else folded away. At most kSummaryBytes, since GitHub drops a step
// summary of more than 1 MiB: what does not fit is left out and said. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <cstddef>
#include <span>
#include <string>

namespace pushbench::reports {

inline constexpr std::size_t kSummaryBytes = 200'000;

std::string render_summary(std::span<const result::RunResult> runs);

}  // namespace pushbench::reports
