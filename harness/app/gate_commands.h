// The subcommands that look at more than one run: compare, calibrate, history. What each is given,
// and the function that carries it out.
#pragma once

#include "harness/app/commands.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::app {

inline constexpr std::uint32_t kDefaultRuns = 10;  // of each side
inline constexpr std::uint32_t kMostOwnRuns = 200;

// The runs that a command makes itself.
struct OwnRuns {
  std::uint32_t repeats = kDefaultRuns;  // of each side
  std::string out;                       // directory; empty: under pushbench-out
  bool quiet = false;
  plan::Overrides overrides;
};

struct CompareArguments {
  std::vector<std::string> words;  // base and head; or the scenario to run
  std::string base_bin, head_bin;
  std::string base_server, head_server;
  std::string base_ref, head_ref;
  OwnRuns runs;
  std::optional<std::uint32_t> more;  // runs of each side; absent: as many as the first
  std::string policy, noise;
  std::string format = "text";
  bool full = false;
  bool force_scenario = false, force_environment = false, force = false;
  std::vector<int> exit_zero_on;
};
int compare_command(const CompareArguments& arguments, const Streams& streams);

struct CalibrateArguments {
  std::string scenario;
  std::string from;  // directory of runs that were made already
  std::string out;   // the noise file; empty: noise.json beside the runs
  bool force = false;
  OwnRuns runs;
};
int calibrate_command(const CalibrateArguments& arguments, const Streams& streams);

struct HistoryArguments {
  std::string directory;
  std::vector<std::string> metrics, cells;  // empty: those that the policy gates; all
  std::string policy;
  std::string format = "text";
  bool force_scenario = false, force_environment = false, force = false;
};
int history_command(const HistoryArguments& arguments, const Streams& streams);

struct GateArguments {
  CompareArguments compare;
  CalibrateArguments calibrate;
  HistoryArguments history;
};

}  // namespace pushbench::app
