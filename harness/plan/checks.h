// The checks of a bound scenario that look at more than one value: combinations that could not be
// run, or would measure nothing. One row of a table each; the first that fails is reported, at the
// place of the value that should be changed.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/binder.h"

#include <cstdint>

namespace pushbench::plan {

inline constexpr std::uint64_t kMaxSubscriptions = 1'000'000;
inline constexpr std::uint64_t kMaxLogEvents = 1'000'000;
inline constexpr double kMaxPlannedEvents = 50e6;  // of a cell; recorders walk through all of them
inline constexpr double kMaxUpstreamPerSecond = 1e6;

Result<void> check_scenario(const Bound& bound);

}  // namespace pushbench::plan
