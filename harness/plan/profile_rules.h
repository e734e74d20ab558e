// What profiles take from the rest of a scenario once it is bound: their lengths from the measure
// phase, and the scenario's own figures (mean rate, most clients) from them. A profile that cannot
// be what it says is refused, at its own place.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/binder.h"

namespace pushbench::plan {

Result<void> settle_profiles(Bound& bound);

}  // namespace pushbench::plan
