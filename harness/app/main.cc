#include "harness/app/cli.h"

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  std::signal(SIGPIPE,
              SIG_IGN);  // a closed pipe is an error of a write, handled where it is written
  try {
    return pushbench::app::run_cli(argc, argv, {});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pushbench: %s\n", error.what());
    return static_cast<int>(pushbench::ExitCode::kCouldNotRun);
  }
}
