// The parts of a cell in result.json that are neither counters nor histograms nor series: costs of
// server and generator, the kernel's own counts, marks of the phases, groups of connect order,
// predictions and the exact probe. Parts that were not measured are left out. Pure.
#pragma once

#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"
#include "harness/result/run_result.h"

namespace pushbench::result {

// Into, and out of, the object of a cell that is begun already. Problems go to the view's context.
void write_measures(JsonWriter& json, const CellResult& cell);
void read_measures(const JsonView& json, CellResult& cell);

}  // namespace pushbench::result
