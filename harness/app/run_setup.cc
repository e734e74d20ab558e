#include "harness/app/run_setup.h"

#include "harness/app/destination.h"
#include "harness/app/prediction.h"
#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/result/thresholds.h"
#include "harness/swarm/preflight.h"
#include "harness/swarm/process.h"
#include "harness/wire/verbatim_head.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace pushbench::app {
namespace {

constexpr std::uint64_t kMinLogEvents = 4096;
constexpr std::uint64_t kMinLogBytes = 4 * 1024 * 1024;
constexpr std::uint64_t kLogBytesPerEvent = 64;  // what the log adds to an event

std::uint64_t largest_event(const plan::PayloadSpec& payload) {
  std::uint64_t largest = std::max({payload.size, payload.high, payload.p99 * 2});
  for (const auto& line : payload.lines) {
    largest = std::max<std::uint64_t>(largest, line.size());
  }
  return std::min<std::uint64_t>(largest, payload.max);
}

std::vector<std::string> serve_argv(const plan::Scenario& scenario,
                                    const plan::StrategySpec& cell,
                                    const swarm::Machine& machine) {
  std::array<char, 4096> self{};
  const ssize_t length = readlink("/proc/self/exe", self.data(), self.size() - 1);
  const std::uint64_t events = std::max(kMinLogEvents, scenario.log_events_needed(cell));
  const std::uint64_t bytes =
      std::max(kMinLogBytes, events * (largest_event(scenario.events.payload) + kLogBytesPerEvent));
  std::vector<std::string> argv{
      std::string(self.data(), static_cast<std::size_t>(std::max<ssize_t>(0, length))),
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--die-with-parent",
      std::to_string(getpid()),
      "--log-events",
      std::to_string(events),
      "--log-bytes",
      std::to_string(bytes)};
  if (const auto threads = swarm::needs_of(scenario, cell, machine).server_threads; threads > 1) {
    argv.push_back("--threads");
    argv.push_back(std::to_string(threads));
  }
  if (cell.replays()) {
    const auto request = wire::verbatim_request(cell.request_head);
    PUSHBENCH_CHECK(request.has_value());  // it was, when the scenario was read
    argv.push_back("--replay");
    argv.push_back(
        fmt::format("{}={}:{}", request->target, scenario.topic_name("t", 0), cell.response_file));
  }
  return argv;
}

Result<void> check_server_pid(const RunArguments& arguments) {
  if (!arguments.server_pid) {
    return {};
  }
  if (arguments.server.empty()) {
    return usage(
        "--server-pid: expected --server URL beside it; the server that pushbench starts itself is "
        "measured without");
  }
  if (*arguments.server_pid <= 0 || !swarm::process_times(*arguments.server_pid)) {
    return usage(fmt::format(
        "--server-pid: there is no process {} on this host; expected the id of the process that "
        "serves {} (ss -ltnp shows it)",
        *arguments.server_pid, printable(arguments.server)));
  }
  return {};
}

// Read once, so that a page that is not there, or not of a process, is told before a run starts.
Result<std::optional<swarm::MetricsSource>> metrics_of(const RunArguments& arguments) {
  if (arguments.server_metrics.empty()) {
    return std::optional<swarm::MetricsSource>();
  }
  if (arguments.server.empty()) {
    return usage(
        "--server-metrics: expected --server URL beside it; a server that pushbench starts itself "
        "is measured without");
  }
  if (arguments.server_pid) {
    return usage(
        "--server-metrics asks the server for its cost, --server-pid the kernel: give one of them "
        "(--server-pid is finer)");
  }
  const auto source = parse_metrics_url(arguments.server_metrics);
  if (!source) {
    return source.error();
  }
  const auto reading = swarm::read_metrics_once(*source);
  return reading ? Result<std::optional<swarm::MetricsSource>>(*source)
                 : Result<std::optional<swarm::MetricsSource>>(reading.error());
}

}  // namespace

Result<void> check_server_command(const RunArguments& arguments) {
  if (!arguments.server_command.empty() && !arguments.server.empty()) {
    return usage(
        "--server-command starts a server, --server drives one that runs: give one of them");
  }
  return {};
}

ProgressView::Mode progress_mode(const RunArguments& arguments, std::FILE* file) {
  if (arguments.quiet) {
    return ProgressView::Mode::kQuiet;
  }
  const bool terminal = isatty(fileno(file)) == 1 && std::getenv("CI") == nullptr;
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return terminal && !dumb ? ProgressView::Mode::kBlock : ProgressView::Mode::kLines;
}

Result<plan::Scenario> load_named_scenario(const std::string& name,
                                           const plan::Overrides& overrides) {
  const auto path = find_scenario(name);
  if (!path) {
    return path.error();
  }
  auto scenario = plan::load_scenario(*path, overrides);
  if (!scenario) {
    return scenario.error();
  }
  const auto thresholds = result::check_thresholds(*scenario);
  return thresholds ? std::move(scenario) : Result<plan::Scenario>(thresholds.error());
}

Result<swarm::RunOptions> make_options(const RunArguments& arguments,
                                       const plan::Scenario& scenario) {
  if (const auto pid = check_server_pid(arguments); !pid) {
    return pid.error();
  }
  if (const auto command = check_server_command(arguments); !command) {
    return command.error();
  }
  const auto metrics = metrics_of(arguments);
  if (!metrics) {
    return metrics.error();
  }
  swarm::RunOptions options;
  options.server_metrics = *metrics;
  options.workers = arguments.workers;
  options.server_pid = arguments.server_pid;
  options.pin = arguments.pin;
  options.audit = arguments.audit != "off";
  options.measure_floor = arguments.floor != "off";
  options.command = arguments.command_line;
  options.tool_version = PUSHBENCH_VERSION;
  options.tool_commit = PUSHBENCH_COMMIT;
  options.tool_build = PUSHBENCH_BUILD;
  if (!arguments.server_command.empty()) {
    options.server_name = arguments.server_command;
    options.server_command = [command = arguments.server_command](const plan::StrategySpec&) {
      return std::vector<std::string>{"/bin/sh", "-c", "exec " + command};
    };
    return options;
  }
  if (arguments.server.empty()) {
    options.server_command = [&scenario, machine = swarm::read_machine()](const auto& cell) {
      return serve_argv(scenario, cell, machine);
    };
    return options;
  }
  const auto endpoint = parse_server_url(arguments.server, arguments.may_load);
  if (!endpoint) {
    return endpoint.error();
  }
  options.endpoint = *endpoint;
  options.server_name = arguments.server;
  const auto reached = probe(*endpoint);
  return reached ? Result<swarm::RunOptions>(std::move(options))
                 : Result<swarm::RunOptions>(reached.error());
}

bool spare_sources(const std::optional<transport::Endpoint>& endpoint) {
  return !endpoint ||
         (endpoint->address.address().is_loopback() && endpoint->address.address().is_v4());
}

Result<bool> spare_sources(const RunArguments& arguments) {
  if (arguments.server.empty()) {
    return spare_sources(std::nullopt);
  }
  const auto endpoint = parse_server_url(arguments.server, arguments.may_load);
  return endpoint ? Result<bool>(spare_sources(*endpoint)) : Result<bool>(endpoint.error());
}

Result<void> refuse_shortages(const plan::Scenario& scenario, bool loopback) {
  const swarm::Machine machine = swarm::read_machine();
  for (const auto& cell : scenario.strategies) {
    const auto short_of =
        swarm::shortages(swarm::needs_of(scenario, cell, machine), machine, loopback);
    if (!short_of.empty()) {
      return usage(
          fmt::format("scenario {} cannot be met here: {}", scenario.name, short_of.front()));
    }
  }
  return {};
}

Result<swarm::RunOutcome> run_and_judge(const plan::Scenario& scenario,
                                        const swarm::RunOptions& options) {
  auto outcome = swarm::run(scenario, options);
  if (!outcome) {
    return outcome;
  }
  add_predictions(outcome->result);
  auto judged = result::judge_thresholds(scenario, outcome->result.cells);
  if (!judged) {
    return judged.error();
  }
  outcome->result.thresholds = std::move(*judged);
  return outcome;
}

}  // namespace pushbench::app
