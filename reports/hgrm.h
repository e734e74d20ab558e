// The latency distributions in the text form of the HdrHistogram family, in milliseconds. One cell
// alone is that format and nothing else, so that its plotters take the file; several cells have a
// line "# cell NAME" before each. Pure.
#pragma once

#include "reports/format.h"

namespace pushbench::reports {

std::string render_hgrm(std::span<const result::RunResult> runs, const RenderOptions& options);

}  // namespace pushbench::reports
