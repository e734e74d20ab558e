// What a run would need, printed before anything starts.
#pragma once

#include "harness/app/commands.h"
#include "harness/swarm/machine.h"

#include <string>

namespace pushbench::app {

// The table and the shortages as text.
std::string describe_needs(const plan::Scenario& scenario,
                           const swarm::Machine& machine,
                           bool loopback);

// Exit code 0, or 2 when this machine cannot do it.
int dry_run(const plan::Scenario& scenario, bool loopback, const Streams& streams);

}  // namespace pushbench::app
