// The subcommands that plan: fit, size, capacity, advise, sweep. Their options alone; what they do
// is in a file each.
#pragma once

#include "harness/app/advise_command.h"
#include "harness/app/capacity_command.h"
#include "harness/app/commands.h"
#include "harness/app/fit_command.h"
#include "harness/app/size_command.h"
#include "harness/app/sweep_command.h"

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): the name that the library has
class App;
}

namespace pushbench::app {

struct StudyArguments {
  FitArguments fit;
  SizeArguments size;
  CapacityArguments capacity;
  AdviseArguments advise;
  SweepArguments sweep;
  std::string command_line;  // to do it again
};

// `to` and `action` outlive the parsing.
void add_studies(CLI::App& app, StudyArguments& to, Action& action);

}  // namespace pushbench::app
