#include "harness/app/cli.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

// A standard descriptor that the caller closed would be given to the next file or socket, and
// messages would land in it. Read-only, so that writing to it stays the error that it was.
void fill_standard_descriptors() {
  constexpr int kLastStandard = 2;
  int descriptor = 0;
  while (descriptor >= 0 && descriptor <= kLastStandard) {
    descriptor = open("/dev/null", O_RDONLY);
  }
  if (descriptor > kLastStandard) {
    close(descriptor);
  }
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_descriptors();
  std::signal(SIGPIPE,
              SIG_IGN);  // a closed pipe is an error of a write, handled where it is written
  try {
    return pushbench::app::run_cli(argc, argv, {});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pushbench: %s\n", error.what());
    return static_cast<int>(pushbench::ExitCode::kCouldNotRun);
  }
}
