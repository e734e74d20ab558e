// What a scenario publishes, and a load that changes over time, in result.json.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"

#include <memory>

namespace pushbench::result {

void write_events(JsonWriter& json, const plan::EventSpec& events);
plan::EventSpec read_events(const JsonView& json);

// Levels are events a second, or clients.
void write_profile(JsonWriter& json, const plan::Profile& profile);
std::shared_ptr<const plan::Profile> read_profile(const JsonView& json);

}  // namespace pushbench::result
