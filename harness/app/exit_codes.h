// What a result means for whoever started the process, the same for `run`, `report --check` and
// `export --check`. A measurement that is not valid comes before a crossed threshold: its figures
// prove neither that one holds nor that it is crossed. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <vector>

namespace pushbench::app {

// 3 when the run is invalid (suspect too, if strict) or a threshold could not be judged, 99 when
// one is crossed, else 0.
int exit_of(const result::RunResult& run, bool strict);

int worst_exit_of(const std::vector<result::RunResult>& runs, bool strict);

// 128+n, 1, 2, 3, 99, 4, 5: the first of these that any had.
int worst_of(int a, int b);

}  // namespace pushbench::app
