// The report as GitHub Markdown, for a pull request or a job summary. Pure.
#pragma once

#include "reports/format.h"

namespace pushbench::reports {

std::string render_markdown(std::span<const result::RunResult> runs, const RenderOptions& options);

// Its parts, for the summary of a job.
std::string markdown_verdict(const result::RunResult& run);  // with the doubts and the answer
std::string markdown_tables(const result::RunResult& run);
std::string markdown_thresholds(const result::RunResult& run);

}  // namespace pushbench::reports
