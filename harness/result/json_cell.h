// One cell as a part of result.json. Metrics are written for scripts and worked out again when a
// file is read; counters, histograms and series are what is kept. Histograms and faults that are
// empty are left out.
#pragma once

#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"
#include "harness/result/run_result.h"

namespace pushbench::result {

void write_cell(JsonWriter& json, const CellResult& cell);
CellResult read_cell(const JsonView& json);

}  // namespace pushbench::result
