// The runs that compare and calibrate make themselves: which program with which words for each
// side, checked before anything starts.
#pragma once

#include "harness/app/gate_commands.h"
#include "harness/app/interleaved.h"
#include "harness/base/error.h"

#include <array>
#include <string>

namespace pushbench::app {

struct MadeRuns {
  std::string out;
  int code = 0;  // not 0: something failed, and was told
};

// Below OUT/base and OUT/head.
Result<MadeRuns> make_own_runs(const CompareArguments& arguments, const Streams& streams);

// Two sides of this program itself, below OUT/a and OUT/b.
Result<MadeRuns> make_alike_runs(const std::string& scenario,
                                 const OwnRuns& runs,
                                 const Streams& streams);

}  // namespace pushbench::app
