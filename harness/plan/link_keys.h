// The rows of the key table for the emulated network.
#pragma once

#include "harness/plan/keys.h"

#include <span>

namespace pushbench::plan {

std::span<const Key> link_keys();

}  // namespace pushbench::plan
