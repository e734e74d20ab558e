#include "reports/format.h"

#include "harness/result/json_io.h"
#include "reports/csv.h"
#include "reports/hgrm.h"
#include "reports/html.h"
#include "reports/markdown.h"
#include "reports/text.h"

#include <algorithm>
#include <array>

namespace pushbench::reports {
namespace {

// One run is its result.json; several are an array of them.
std::string render_json(std::span<const result::RunResult> runs, const RenderOptions&) {
  if (runs.size() == 1) {
    return result::to_json(runs[0]);
  }
  std::string out = "[";
  for (const auto& run : runs) {
    out += (out.size() == 1 ? "\n" : ",\n") + result::to_json(run);
  }
  return out + "]\n";
}

constexpr auto kFormats = std::to_array<Format>({
    {"text", "txt", "for a terminal", render_text},
    {"md", "md", "GitHub Markdown, for a pull request or a job summary", render_markdown},
    {"csv", "csv", "one row a cell, raw numbers, for a spreadsheet", render_csv},
    {"html", "html", "one page with charts that opens offline", render_html},
    {"hgrm", "hgrm", "latency distributions for HdrHistogram plotters", render_hgrm},
    {"json", "json", "the result itself, as result.json holds it", render_json},
});

}  // namespace

std::span<const Format> formats() noexcept {
  return kFormats;
}

const Format* find_format(std::string_view name) noexcept {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [name](const Format& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace pushbench::reports
