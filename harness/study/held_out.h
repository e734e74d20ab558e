// Loads that were not fitted, predicted from what their scenarios ask for and held against what was
// measured: the repeats of a load are its mean, since chance is in each of them and no model
// predicts that. A figure that not every repeat has is the mean of those that have it. Pure.
#pragma once

#include "harness/study/cost_model.h"
#include "harness/study/observation.h"

#include <vector>

namespace pushbench::study {

// Of one family, by clients and deliveries. Points that were fitted are passed over, and loads
// beyond kMostHeldOut.
std::vector<HeldOut> hold_out(const FamilyCost& cost, const std::vector<const Observation*>& all);

}  // namespace pushbench::study
