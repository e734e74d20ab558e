#include "reports/hgrm.h"

#include "harness/base/text.h"
#include "harness/stats/hgrm.h"

namespace pushbench::reports {

std::string render_hgrm(std::span<const result::RunResult> runs, const RenderOptions&) {
  std::size_t cells = 0;
  for (const auto& run : runs) {
    cells += run.cells.size();
  }
  std::string out;
  for (const auto& run : runs) {
    for (const auto& cell : run.cells) {
      if (cells > 1) {
        out += (out.empty() ? "# cell " : "\n# cell ") + printable(cell.label()) +
               (runs.size() > 1 ? " of " + printable(run.scenario.name) : "") + "\n";
      }
      out += stats::to_hgrm(cell.latency);
    }
  }
  return out;
}

}  // namespace pushbench::reports
