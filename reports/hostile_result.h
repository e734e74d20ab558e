// A result whose every free text tries to break out of a report: for the tests of the formats.
#pragma once

#include "harness/result/example_result.h"

#include <string>

namespace pushbench::reports {

inline const std::string kHostile = "=1+1|\"><script>alert(1)</script>\x1b[2J\n`&'--><!--";

inline result::RunResult hostile_result() {
  auto run = result::doubtful_result();
  run.tool_version = run.tool_commit = run.tool_build = run.started_utc = run.command = kHostile;
  run.scenario.name = run.scenario.about = run.scenario.origin = run.scenario.text = kHostile;
  run.server = kHostile;
  run.environment = {{kHostile, kHostile}};
  for (auto& cell : run.cells) {
    cell.name = cell.strategy.strategy = kHostile;
  }
  for (auto& caveat : run.caveats) {
    caveat.id = caveat.cell = caveat.text = caveat.remedy = kHostile;
  }
  for (auto& threshold : run.thresholds) {
    threshold.text = threshold.cell = kHostile;
  }
  return run;
}

}  // namespace pushbench::reports
