// The report as GitHub Markdown, for a pull request or a job summary. Pure.
#pragma once

#include "reports/format.h"

namespace pushbench::reports {

std::string render_markdown(std::span<const result::RunResult> runs, const RenderOptions& options);

}  // namespace pushbench::reports
