// The command line: options to argument structs, mistakes to one sentence with the nearest known
// word and exit code 2.
#pragma once

#include "harness/app/commands.h"

namespace pushbench::app {

int run_cli(int argc, const char* const* argv, const Streams& streams);

}  // namespace pushbench::app
