// Progress of a run on stderr: on a terminal one block that is redrawn, with a bar, the time left
// and current figures; plain lines otherwise, so that a CI log stays readable. Draws at most twice
// a second.
#pragma once

#include "harness/swarm/run.h"

#include <cstdio>
#include <string>
#include <vector>

namespace pushbench::app {

class ProgressView {
 public:
  enum class Mode : std::uint8_t { kQuiet, kLines, kBlock };
  static constexpr Nanos kLineEvery{std::chrono::seconds(10)};

  ProgressView(std::FILE* file, Mode mode, bool colour)
      : file_(file), mode_(mode), colour_(colour) {}

  void update(const swarm::Progress& progress);
  // The first signal came; said in every mode, since what follows takes a while.
  void stopping();

  // What update() writes, for tests: the block without cursor movement, or a line.
  static std::string block(const swarm::Progress& progress, std::size_t width);
  static std::string line(const swarm::Progress& progress);
  static std::string done_line(const swarm::Progress& progress);
  static std::string bar(double share, std::size_t width);

 private:
  void draw(const std::string& text);
  void erase();

  std::FILE* file_;
  Mode mode_;
  bool colour_;
  std::size_t drawn_lines_ = 0;
  Nanos last_line_{-kLineEvery};
  std::string last_phase_;
};

}  // namespace pushbench::app
