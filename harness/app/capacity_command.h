// `pushbench capacity`: the largest load that one server holds with each strategy, by a search
// (harness/study/knee_search.h) whose trials are cells of a scenario. What it found is in its
// directory after every trial, and the same command goes on from there.
#pragma once

#include "harness/app/commands.h"
#include "harness/base/nanos.h"
#include "harness/study/capacity_state.h"

#include <string>
#include <vector>

namespace pushbench::app {

inline constexpr Nanos kLongestTrial{std::chrono::seconds(120)};  // of its measure phase

struct CapacityArguments {
  std::string scenario;
  std::vector<std::string> slo;
  std::vector<std::string> over;  // one or two axes
  std::string budget = "10m";
  std::string out;  // directory; one that holds an unfinished search is gone on with
  std::string format = "text";
  RunArguments run;  // server, overrides, --quiet
};
int capacity_command(const CapacityArguments& arguments, const Streams& streams);

}  // namespace pushbench::app
