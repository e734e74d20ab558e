// Options that several subcommands share, and shorthands for CLI11. With cli.cc and the *_cli.cc
// the only units that include CLI11, which takes long to compile.
#pragma once

#include "harness/plan/scenario.h"

#include <CLI/CLI.hpp>

namespace pushbench::app {

struct RunArguments;

// A range that the message names, and the help does not repeat.
template <typename Number>
CLI::Validator within(Number low, Number high) {
  return CLI::Range(low, high).description("");
}

// A flag that is named for what it turns off; CLI11's own "!--no-x" shows as "--no-x{false}".
void add_switch_off(CLI::App& app, const char* names, bool& value, const char* about);

// What replaces values of a scenario.
void add_overrides(CLI::App& app, plan::Overrides& to);
// The repeats of a scenario, where they are not those of something else.
void add_repeats(CLI::App& app, plan::Overrides& to);

// --server and what belongs to it, --workers, --no-pin.
void add_server(CLI::App& app, RunArguments& to);

// Exit codes to turn into 0.
void add_exit_zero_on(CLI::App& app, std::vector<int>& to);

}  // namespace pushbench::app
