// A cost model for people: constants with their intervals, what is left unexplained, and how well
// it predicts the cells that it was not fitted to. Pure.
#pragma once

#include "harness/study/cost_model.h"

#include <string>

namespace pushbench::app {

inline constexpr std::size_t kStudyWidth = 80;

std::string describe_model(const study::CostModel& model);
// "shipped reference constants, from … (machine, date)": where a model comes from, in one line.
std::string model_origin(const study::CostModel& model);

std::string percent(double share);  // "3.2 %"

}  // namespace pushbench::app
