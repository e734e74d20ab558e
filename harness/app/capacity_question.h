// What `pushbench capacity` is asked: scenario, bounds, axes and budget, checked as far as they can
// be before the first trial. Pure but for the scenario's files.
#pragma once

#include "harness/app/capacity_command.h"
#include "harness/base/error.h"
#include "harness/base/nanos.h"
#include "harness/study/capacity_state.h"

#include <string>
#include <vector>

namespace pushbench::app {

// The scenario with the bounds in the place of its thresholds; a failure names the bound.
Result<plan::Scenario> with_bounds(plan::Scenario scenario, const std::vector<std::string>& slos);

// Why closed forms say that a strategy keeps the bounds at no load; empty: nothing speaks against
// it.
std::string hopeless(const plan::Scenario& scenario, const plan::StrategySpec& cell);

struct Question {
  plan::Scenario base;  // its thresholds are the bounds
  std::vector<const study::Axis*> axes;
  Nanos budget{};
  study::CapacityState state;  // with the searches to begin with, and the strategies skipped
};
Result<Question> read_question(const CapacityArguments& arguments);

// The scenario of one trial: one strategy at one load, long enough for its percentiles. A failure
// says why this load cannot be tried here.
Result<plan::Scenario> trial_scenario(const Question& question,
                                      const CapacityArguments& arguments,
                                      const study::Search& search,
                                      double load);

// Takes over what an earlier run of the same question found.
Result<void> resume(Question& question, study::CapacityState found, const std::string& place);

}  // namespace pushbench::app
