// What a command that runs cells needs before the first one: the own server's command line, the
// server that is driven instead, and whether this machine can make the load at all.
#pragma once

#include "harness/app/commands.h"
#include "harness/app/progress.h"
#include "harness/swarm/run.h"
#include "harness/transport/stream.h"

#include <cstdio>
#include <optional>
#include <string>

namespace pushbench::app {

ProgressView::Mode progress_mode(const RunArguments& arguments, std::FILE* file);

// `scenario` must outlive the options, since the own server's command line follows from it.
Result<swarm::RunOptions> make_options(const RunArguments& arguments,
                                       const plan::Scenario& scenario);

// At most one of them says which server it is.
Result<void> check_server_command(const RunArguments& arguments);

// By path or by the name of a shipped one, checked, its thresholds included.
Result<plan::Scenario> load_named_scenario(const std::string& name,
                                           const plan::Overrides& overrides);

// Source addresses can be spread over 127.0.0.0/8; IPv6 has one loopback address.
bool spare_sources(const std::optional<transport::Endpoint>& endpoint);

Result<bool> spare_sources(const RunArguments& arguments);  // of the server that they name

// A failure names the first cell that lacks something, and what.
Result<void> refuse_shortages(const plan::Scenario& scenario, bool loopback);

// Runs it, and puts what closed forms predict and what the thresholds come to beside.
Result<swarm::RunOutcome> run_and_judge(const plan::Scenario& scenario,
                                        const swarm::RunOptions& options);

}  // namespace pushbench::app
