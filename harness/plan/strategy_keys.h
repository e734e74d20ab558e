// The rows of the key table that say which cells a scenario has, and with which options. Pure.
#pragma once

#include "harness/plan/keys.h"

#include <span>

namespace pushbench::plan {

std::span<const Key> strategy_keys();

}  // namespace pushbench::plan
