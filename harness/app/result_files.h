// Results that the command line names, and the files that are made of them: shared by the commands
// that read results. Failures name the file and what to do.
#pragma once

#include "harness/base/error.h"
#include "harness/result/run_result.h"

#include <string>
#include <utility>
#include <vector>

namespace pushbench::app {

// Each is a result file, or a run directory that holds one.
Result<std::vector<result::RunResult>> load_runs(const std::vector<std::string>& paths);

// Path and text of each. None is written when any of them is there already, unless forced.
Result<void> write_new_files(const std::vector<std::pair<std::string, std::string>>& files,
                             bool force);

}  // namespace pushbench::app
