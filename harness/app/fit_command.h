// `pushbench fit`: what each strategy costs a server, as constants fitted from results, or from a
// small grid that it runs itself.
#pragma once

#include "harness/app/commands.h"
#include "harness/study/scaling_law.h"

#include <string>
#include <vector>

namespace pushbench::app {

struct FitArguments {
  std::vector<std::string> files;     // result.json each
  std::vector<std::string> hold_out;  // predicted and not fitted
  std::string scenario;               // --run
  std::vector<std::string> scaling;   // "N:PER_SECOND"
  std::string out;                    // model file
  std::string format = "text";
  bool force = false;
  RunArguments run;  // server, overrides
};
int fit_command(const FitArguments& arguments, const Streams& streams);

Result<std::vector<study::ScalingPoint>> parse_scaling(const std::vector<std::string>& words);

}  // namespace pushbench::app
