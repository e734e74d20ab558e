// One run of the floor client: connects, warms up, measures, counts. Blocks for about warm-up plus
// measure window plus the time to connect (at most a minute). A Failure when nothing could be
// measured: too few descriptors, no server, no event taken.
#pragma once

#include "harness/base/error.h"
#include "servers/floor/figures.h"
#include "servers/floor/options.h"

namespace pushbench::servers::floor {

Result<Figures> run_client(const ClientOptions& options);

}  // namespace pushbench::servers::floor
