#include "reports/html.h"

#include "harness/base/check.h"
#include "reports/escape.h"
#include "reports/page_bundle.h"
#include "reports/page_data.h"

namespace pushbench::reports {
namespace {

constexpr std::string_view kDataMark = "<!-- data -->";  // where reports/web/page.html wants it

}  // namespace

std::string html_page(std::string_view kind, std::string_view json) {
  const std::string_view page = page_bundle();
  const auto at = page.find(kDataMark);
  PUSHBENCH_CHECK(at != std::string_view::npos);
  std::string out(page.substr(0, at));
  out += "<script type=\"application/json\" id=\"data\" data-kind=\"" + html_escape(kind) + "\">\n";
  out += script_json(json);
  out += "</script>";
  return out += page.substr(at + kDataMark.size());
}

std::string render_html(std::span<const result::RunResult> runs, const RenderOptions&) {
  return html_page("report", report_data(runs));
}

}  // namespace pushbench::reports
