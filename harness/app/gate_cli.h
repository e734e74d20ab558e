// The command lines of compare, calibrate and history.
#pragma once

#include "harness/app/gate_commands.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the name that the library has
class App;
}

namespace pushbench::app {

// `to` and `action` must outlive the parsing.
void add_gate(CLI::App& app, GateArguments& to, Action& action);

}  // namespace pushbench::app
