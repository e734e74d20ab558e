// What is read behind binding: the files that a scenario names (payload lines, instants of a trace,
// heads to replay, all below the scenario's folder, payload_file.h says why) and the text of
// published figures.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/binder.h"

#include <string>

namespace pushbench::plan {

// Replayed heads go to every polling cell.
Result<void> read_files(Bound& bound, const std::string& directory);

}  // namespace pushbench::plan
