// A reference server that commits known faults, as a process of its own, and what it says that it
// did: started by `pushbench selftest` for each case, ended with the object. Errors: a sentence for
// the user. Everything is bounded in time.
#pragma once

#include "harness/app/selftest_cases.h"
#include "harness/swarm/server_child.h"
#include "harness/transport/stream.h"

#include <string>
#include <string_view>

namespace pushbench::app {

class InjectingServer {
 public:
  static constexpr Nanos kAnswerBound{std::chrono::seconds(2)};

  // `program`: a pushbench, as a path.
  static Result<InjectingServer> start(const std::string& program,
                                       const std::string& inject,
                                       const std::string& log_path);

  int pid() const noexcept { return child_.pid(); }
  transport::Endpoint endpoint() const;
  // GET /metrics: the rows of pushbench_injected_total.
  Result<InjectedCounts> injected() const;

 private:
  swarm::ServerChild child_;
};

InjectedCounts parse_injected(std::string_view metrics);

}  // namespace pushbench::app
