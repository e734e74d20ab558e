// The rows of the key table below a quantity that may change over time: a rate of events, or a
// number of clients. Both have the same shapes (profile.h), each in its own unit.
#pragma once

#include "harness/plan/keys.h"

#include <span>

namespace pushbench::plan {

std::span<const Key> rate_profile_keys();     // "events.rate.steps" …
std::span<const Key> clients_profile_keys();  // "clients.steps" …

}  // namespace pushbench::plan
