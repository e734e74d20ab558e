// The answer of `pushbench capacity` for people: what one server holds, and what gave out. From the
// state alone, so that `pushbench report capacity.json` says the same. Pure.
#pragma once

#include "harness/base/nanos.h"
#include "harness/study/capacity_state.h"

#include <optional>
#include <string>

namespace pushbench::app {

// `ended_budget`: the one that ended before the searches did.
std::string capacity_text(const study::CapacityState& state,
                          std::optional<Nanos> ended_budget = {});
// "12,400 clients to 13,000": the interval of one search, "at least …" where that is all.
std::string interval_text(const study::Search& search);

}  // namespace pushbench::app
