// One row a cell, one column a metric, raw numbers (RFC 4180, lines end in a line feed). A value
// that was not measured or is withheld is an empty field. Pure.
#pragma once

#include "reports/format.h"

namespace pushbench::reports {

std::string render_csv(std::span<const result::RunResult> runs, const RenderOptions& options);

}  // namespace pushbench::reports
