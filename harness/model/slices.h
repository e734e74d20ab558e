// The measure window of a scenario whose load changes, cut into parts short enough to take each for
// steady: the closed forms hold for a steady load, and what they give is added up. Pure.
#pragma once

#include "harness/plan/scenario.h"

#include <vector>

namespace pushbench::model {

inline constexpr int kSlices = 48;  // of a window; half hours of a day

struct Slice {
  double begin_s = 0;  // from the start of publishing
  double length_s = 0;
  double rate_per_s = 0;  // mean, over all topics
  double before = 0;      // events published before it, over all topics
  double clients = 0;     // mean
};

// Empty when the load does not change.
std::vector<Slice> slices_of(const plan::Scenario& scenario);

// Clients that come within the window, beside those of the ramp.
double joining_clients(const plan::Scenario& scenario);

}  // namespace pushbench::model
