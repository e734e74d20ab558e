// Did a server hold a load, and if not, what gave out first? One cell of a run against the bounds
// that were asked for. A load holds when every bound does, nothing was lost, and the load was what
// it should be. A bound that is crossed is the server's doing, unless the generator's own lag,
// which only ever makes latency look worse, or what the host of this machine took may be all that
// crosses it, or processors were short for our own threads, while the server had processor time to
// spare. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/result/run_result.h"
#include "harness/study/knee_search.h"

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::study {

inline constexpr double kBusyShare = 0.9;           // of a processor: the server has none to spare
inline constexpr double kMostInFlightShare = 0.01;  // of what was expected, at the end of a cell

enum class Cause : std::uint8_t {
  kNone,
  kLatency,
  kLoss,
  kProcessor,
  kMemory,
  kSockets,
  kGenerator,
  kServerEnded,
  kMachine,  // descriptors, ports: the load cannot be made here
  kOther,
};
std::string_view cause_name(Cause cause) noexcept;

struct TrialVerdict {
  Outcome outcome = Outcome::kHeld;
  Cause cause = Cause::kNone;
  std::string text;  // one line, what was crossed and by what
};

// All that a verdict rests on, so that a trial can be judged by other bounds without its result.
struct TrialFigures {
  TrialVerdict before;  // what is known before any bound: the load did not come through
  TrialVerdict behind;  // what counts when every bound was kept
  std::optional<double> server_share;  // see below
  double own_lag_ns = 0;  // how much of a latency may be the generator's own or its host's
  std::string shortage;   // of processors for our threads; empty: none
  std::vector<std::pair<std::string, double>> metrics;  // those that bounds are usually set for
  std::vector<std::pair<std::string, double>> targets;  // of "rate >= 0.99*target"
};
// `run` holds one cell at most.
TrialFigures figures_of(const result::RunResult& run);
TrialVerdict judge_figures(const TrialFigures& figures, const std::vector<plan::Threshold>& bounds);

// By the thresholds of its scenario.
TrialVerdict judge_trial(const result::RunResult& run);

// Of a processor, in the measure window; absent when the server's process is not known.
std::optional<double> server_share(const result::CellResult& cell);

}  // namespace pushbench::study
