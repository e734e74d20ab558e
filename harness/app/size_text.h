// The answer of `pushbench size` for people and for scripts (schema "pushbench.size/1", units last
// in keys). Pure.
#pragma once

#include "harness/app/size_plan.h"

#include <string>

namespace pushbench::app {

std::string size_text(const SizePlan& plan);
std::string size_json(const SizePlan& plan);

}  // namespace pushbench::app
