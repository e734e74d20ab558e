// Runs of two sides in turn, each in processes of its own: base, head, head, base and so on (ABBA),
// so that whatever drifts on the machine drifts for both. Every run has a directory of its own
// below OUT/base and OUT/head. Blocks the calling thread.
#pragma once

#include "harness/app/commands.h"
#include "harness/base/error.h"
#include "harness/base/time.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pushbench::app {

// A run that is not valid is made again, so often in the whole comparison.
inline constexpr std::uint32_t kMostAgain = 5;

struct RunSide {
  std::string name;                // "base", also of its directory
  std::vector<std::string> words;  // of the command line; --out DIRECTORY is added
};

struct Interleaved {
  std::array<RunSide, 2> sides;
  std::uint32_t repeats = 0;  // of each
  // Of each once more, if `wants_more`, which is asked after the first ones, says so.
  std::uint32_t more = 0;
  std::function<Result<bool>()> wants_more;
  std::string out;
  Nanos planned{};  // of one run: for the estimate, and for how long a run may take at most
  bool quiet = false;
};

// Which side makes the i-th run.
std::size_t side_of_run(std::uint32_t i);

// The exit code of a failure, which was told on `streams`; 128+n when a signal ended it; else 0.
int run_interleaved(const Interleaved& plan, const Streams& streams);

// "--clients 5 --strategy sse …", for the command line of a run.
std::vector<std::string> words_of(const plan::Overrides& overrides);

}  // namespace pushbench::app
