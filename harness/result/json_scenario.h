// The scenario as a part of result.json: every field by name, so that a result can be read where
// the scenario's own file or its payload file no longer is. Durations in ns, sizes in bytes. The
// text and the hash stand beside the fields for people; reading takes the fields alone.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"

namespace pushbench::result {

void write_scenario(JsonWriter& json, const plan::Scenario& scenario);
plan::Scenario read_scenario(const JsonView& json);

// "strategy" and "options" of the object that is open: the options that the strategy has.
void write_strategy(JsonWriter& json, const plan::StrategySpec& spec);
plan::StrategySpec read_strategy(const JsonView& json);

}  // namespace pushbench::result
