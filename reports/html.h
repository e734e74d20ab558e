// The report as one HTML page: no script, no external request (a content security policy says so),
// readable in light and dark, on a telephone and on paper. The whole result is in it as JSON, in a
// script element of a data type that no browser runs. Every text goes through html_escape(). Pure.
#pragma once

#include "reports/format.h"

namespace pushbench::reports {

std::string render_html(std::span<const result::RunResult> runs, const RenderOptions& options);

}  // namespace pushbench::reports
