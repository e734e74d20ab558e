// The runs that compare and calibrate make themselves: which program with which words for each
// side, checked before anything starts.
#pragma once

#include "harness/app/gate_commands.h"
#include "harness/app/interleaved.h"
#include "harness/base/error.h"

#include <cstdint>
#include <functional>
#include <string>

namespace pushbench::app {

struct MadeRuns {
  std::string out;
  int code = 0;  // not 0: something failed, and was told
};

// Whether the runs below this directory leave open what more of them would decide.
using WantsMore = std::function<Result<bool>(const std::string& out)>;

// Runs of each side that a comparison may add to the first ones; 0: none.
std::uint32_t more_runs(const CompareArguments& arguments);

// Below OUT/base and OUT/head. `wants_more` is asked after the first ones, unless none may be
// added.
Result<MadeRuns> make_own_runs(const CompareArguments& arguments,
                               const WantsMore& wants_more,
                               const Streams& streams);

// Two sides of this program itself, below OUT/a and OUT/b.
Result<MadeRuns> make_alike_runs(const std::string& scenario,
                                 const OwnRuns& runs,
                                 const Streams& streams);

}  // namespace pushbench::app
