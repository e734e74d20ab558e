// Where a run goes to and where its files go: the URL of a server that runs already, checked before
// anything starts, and the run directory.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/swarm/server_metrics.h"
#include "harness/transport/stream.h"

#include <string>
#include <vector>

namespace pushbench::app {

inline constexpr Nanos kProbeBound{std::chrono::seconds(1)};

// "http://HOST[:PORT][/PREFIX]" to an endpoint, resolved once. A host other than loopback must be
// in `may_load`.
Result<transport::Endpoint> parse_server_url(const std::string& url,
                                             const std::vector<std::string>& may_load);

// "http://HOST[:PORT][/PATH][?QUERY]", resolved once; without a path it is /metrics. A page that is
// read once a second is no load, so any host will do.
Result<swarm::MetricsSource> parse_metrics_url(const std::string& url);

// One connect within the bound: a target that is down is told before a run starts.
Result<void> probe(const transport::Endpoint& endpoint);

// Creates the directory (and parents) and shows that it can be written to. `out` empty: under
// pushbench-out.
Result<std::string> make_run_directory(const std::string& out,
                                       const std::string& scenario,
                                       bool force);

}  // namespace pushbench::app
