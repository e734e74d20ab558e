// A program that is run to its end, with its output in a file: one run of a comparison, or a build.
// In a group of its own; a first SIGINT or SIGTERM of ours is passed on as SIGTERM, so that it can
// end well, a second ends it at once. Blocks the calling thread, at most for the given bound.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"

#include <string>
#include <vector>

namespace pushbench::app {

struct ChildEnd {
  int code = 0;         // exit code, or 128 + signal as a shell says it
  int interrupted = 0;  // signal of ours that was passed on
  bool too_long = false;
};

// `command`: argv; command[0] is a path or a name to look for in PATH. Without the variables that
// make a program write into somebody's job summary.
Result<ChildEnd> run_child(const std::vector<std::string>& command,
                           const std::string& log_path,
                           Nanos bound);

// The last line of a log that says something, for messages.
std::string last_line_of(const std::string& log_path);

}  // namespace pushbench::app
