// Two sides to a Comparison: refuses what cannot be compared, pairs the cells, and puts the tiers
// together. Pure and seeded: the same files give the same answer.
#pragma once

#include "harness/gate/comparison.h"
#include "harness/gate/facts.h"
#include "harness/gate/noise.h"
#include "harness/gate/policy.h"

#include <string>

namespace pushbench::gate {

struct CompareOptions {
  bool force_scenario = false;     // compare different workloads all the same
  bool force_environment = false;  // and different machines or builds
  std::string today;               // "2026-11-26": what is accepted until when
};

// A usage failure names the files and what differs; one of exit code 3 names the run that is not
// valid. `noise` may be null.
Result<Comparison> compare(const Arm& base,
                           const Arm& head,
                           const Policy& policy,
                           const Noise* noise,
                           const CompareOptions& options);

// All runs of one side must be of one workload on one machine, unless forced; and valid.
Result<void> check_alike(const Arm& arm, const CompareOptions& options);
Result<void> check_valid(const Arm& arm);

}  // namespace pushbench::gate
