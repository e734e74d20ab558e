// The closed forms beside what a run measured: every metric that they reach, with its interval, and
// the bytes that they do not explain from the run's own counts (requests, answers, events, and the
// digits whose number changes from exchange to exchange). Cells that did not finish are left out.
// Of a server that is not ours neither heads nor framing are known: only what follows from the
// strategy alone is predicted. Pure.
#pragma once

#include "harness/model/predict.h"
#include "harness/result/run_result.h"

#include <cstdint>
#include <optional>

namespace pushbench::app {

void add_predictions(result::RunResult& run);

// Sum over the layers of the difference between measured and explained. nullopt where the counts do
// not determine the bytes: gaps, and streams that were opened in the measure window.
std::optional<std::uint64_t> unexplained_bytes(const plan::Scenario& scenario,
                                               const result::CellResult& cell,
                                               const model::Place& place);

}  // namespace pushbench::app
