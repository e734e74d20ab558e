// One run of many, for a command that looks at each: own server or the one that is driven,
// without floor, with predictions and judged thresholds. Also where such a command stands
// and how long it will take, in lines on stderr. Blocks the calling thread.
#pragma once

#include "harness/app/commands.h"
#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/result/run_result.h"

#include <cstdint>
#include <cstdio>
#include <string>

namespace pushbench::app {

struct TrialRun {
  result::RunResult run;
  int signal = 0;  // that ended it early
};

// What a trial is for. Costs are measured with clients that poll busily (swarm/run.h), and, where
// events are, behind the cell: exact exchanges and what a publish costs a server that has nobody to
// tell it to, without which they cannot be told apart. A search has no use for that, and its burst
// of events would be in the way of the next trial against the same server.
enum class Trial : std::uint8_t { kLoad, kCosts, kIdleCosts };

// A failure: nothing could be measured.
Result<TrialRun> run_trial(const plan::Scenario& scenario,
                           const RunArguments& arguments,
                           const std::string& server_log,
                           Trial trial = Trial::kLoad);

// Whether this machine can make the load; a failure says what is short.
Result<void> can_make(const plan::Scenario& scenario, const RunArguments& arguments);

// A line on stderr for each cell, unless it shall be quiet.
class CellLines {
 public:
  CellLines(std::FILE* file, bool quiet) : file_(quiet ? nullptr : file), start_(steady_now()) {}

  // "[3/54, 4 min left] websocket, 100 clients". `done` of `cells` took what has passed.
  void begin(std::size_t done, std::size_t cells, const std::string& what);
  void say_begin(const std::string& line);
  void end(const std::string& outcome);
  Nanos elapsed() const { return steady_now() - start_; }

 private:
  std::FILE* file_;
  TimePoint start_;
};

}  // namespace pushbench::app
