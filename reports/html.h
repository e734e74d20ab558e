// The HTML report: one page that opens offline. The page itself is reports/web (HTML, style and
// script in one file); here its data is put into it, as JSON in a script element that no browser
// runs. A content security policy in the page lets its own script run and nothing else. Pure.
#pragma once

#include "reports/format.h"

#include <string>
#include <string_view>

namespace pushbench::reports {

// The page with any data that it can show; `kind` says which: "report" (report_data()), "sheet"
// (tables and charts as reports/web/README.md describes them), "live". `json` is one JSON document,
// escaped here.
std::string html_page(std::string_view kind, std::string_view json);

std::string render_html(std::span<const result::RunResult> runs, const RenderOptions& options);

}  // namespace pushbench::reports
