#include "harness/base/descriptors.h"
#include "servers/floor/calls.h"
#include "servers/floor/client.h"
#include "servers/floor/options.h"
#include "servers/floor/server.h"

#include <fmt/format.h>

#include <sys/signalfd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>
#include <vector>

namespace pushbench::servers::floor {
namespace {

int end_with(const Failure& failure) {
  fmt::print(stderr, "pushbench-floor: {}\n", failure.text);
  return static_cast<int>(failure.code);
}

int run(const HelpOptions&) {
  fmt::print("{}", help_text());
  return 0;
}

int run(const ServerOptions& options) {
  // A signal is an event of the loop like any other.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  const Descriptor stop(signalfd(-1, &ends, SFD_CLOEXEC));
  raise_descriptor_limit();
  Server server;
  const auto port = server.listen(options.port);
  if (!port) {
    return end_with(port.error());
  }
  fmt::print("listening on http://127.0.0.1:{}\n", *port);
  std::fflush(stdout);
  server.run(stop.get());
  return 0;
}

int run(const ClientOptions& options) {
  const auto figures = run_client(options);
  if (!figures) {
    return end_with(figures.error());
  }
  fmt::print("{}\n", json_line(*figures));
  return 0;
}

int run(const CallsOptions& options) {
  const auto costs = measure_calls(options);
  if (!costs) {
    return end_with(costs.error());
  }
  fmt::print("{}", calls_table(*costs));
  return 0;
}

int run_words(const std::vector<std::string_view>& words) {
  const auto options = parse_options(words);
  if (!options) {
    return end_with(options.error());
  }
  return std::visit([](const auto& chosen) { return run(chosen); }, *options);
}

}  // namespace
}  // namespace pushbench::servers::floor

int main(int argc, char** argv) {
  try {
    return pushbench::servers::floor::run_words({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pushbench-floor: %s\n", error.what());
    return static_cast<int>(pushbench::ExitCode::kCouldNotRun);
  }
}
