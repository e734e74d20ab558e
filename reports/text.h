// The report for a terminal: the answer first, then what casts doubt on it, then the tables. Keeps
// to options.width; colour only when options.colour says so. Pure.
#pragma once

#include "reports/format.h"

namespace pushbench::reports {

std::string render_text(std::span<const result::RunResult> runs, const RenderOptions& options);

}  // namespace pushbench::reports
