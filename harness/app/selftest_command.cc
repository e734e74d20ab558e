// `pushbench selftest`: is what the tool reports what happened? Known faults, committed by the
// reference server, against what the swarm says of them; and what the tool itself adds.
#include "harness/app/commands.h"
#include "harness/app/injecting_server.h"
#include "harness/app/selftest_cases.h"
#include "harness/app/temporary_folder.h"
#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/result/accounts.h"
#include "harness/swarm/floor.h"
#include "harness/swarm/preflight.h"
#include "harness/swarm/run.h"
#include "harness/swarm/thread_cost.h"

#include <fmt/format.h>

#include <filesystem>

namespace pushbench::app {
namespace {

// Other programs can only make times longer, so a time may be taken again; a count never.
constexpr int kTriesOfTime = 3;
constexpr int kStrategyWidth = 38;
constexpr int kFaultWidth = 12;
constexpr int kInjectedWidth = 22;
constexpr int kReportedWidth = 36;

struct Outcome {
  SelftestRow row;
  int signal = 0;
  int tries = 1;
};

struct Setting {
  result::Floor floor;
  std::string program;
  std::string log_path;
};

Result<Outcome> run_case(const SelftestCase& what, const Setting& setting) {
  auto server = InjectingServer::start(setting.program, what.inject, setting.log_path);
  if (!server) {
    return server.error();
  }
  const auto cpus = swarm::allowed_cpus();
  if (cpus.size() >= 2) {
    swarm::pin_process(server->pid(), {cpus.front()});
  }
  swarm::RunOptions options;
  options.endpoint = server->endpoint();
  options.workers = 1;
  options.probe = false;  // its events would be among those that the server counts
  options.measure_floor = false;
  auto run = swarm::run(what.scenario, options);
  if (!run) {
    return run.error();
  }
  Outcome outcome;
  outcome.signal = run->signal;
  if (run->signal != 0 || run->result.cells.empty()) {
    return outcome;
  }
  const auto injected = server->injected();
  if (!injected) {
    return injected.error();
  }
  const result::CellResult& cell = run->result.cells.front();
  outcome.row = judge_selftest(what, cell, *injected, setting.floor);
  if (outcome.row.mismatch.empty()) {
    outcome.row.mismatch = result::imbalance_of(cell);
  }
  return outcome;
}

Result<Outcome> run_tries(const SelftestCase& what, const Setting& setting) {
  const int allowed = what.of_time ? kTriesOfTime : 1;
  for (int tries = 1;; ++tries) {
    auto outcome = run_case(what, setting);
    if (!outcome || outcome->signal != 0 || outcome->row.mismatch.empty() || tries == allowed) {
      if (outcome) {
        outcome->tries = tries;
      }
      return outcome;
    }
  }
}

std::string table_line(std::string_view strategy,
                       std::string_view fault,
                       std::string_view injected,
                       std::string_view reported,
                       std::string_view ok) {
  return fmt::format("{:<{}}  {:<{}}  {:<{}}  {:<{}}  {}\n", strategy, kStrategyWidth, fault,
                     kFaultWidth, injected, kInjectedWidth, reported, kReportedWidth, ok);
}

std::string say_floor(const result::Floor& floor) {
  return fmt::format(
      "The tool's own share on this machine, with nothing but loopback between:\n"
      "  latency p50 {}, p99 {}; {} of processor time a delivery\n\n",
      human_duration(Nanos(floor.latency_p50_ns)), human_duration(Nanos(floor.latency_p99_ns)),
      human_duration(Nanos(floor.cost_ns_per_delivery)));
}

std::string verdict_of(const Outcome& outcome) {
  if (!outcome.row.mismatch.empty()) {
    return "NO";
  }
  return outcome.tries == 1 ? "ok" : fmt::format("ok (try {})", outcome.tries);
}

Result<int> run_all(const std::vector<SelftestCase>& cases,
                    const result::Floor& floor,
                    const std::string& program,
                    const Streams& streams) {
  const auto folder = TemporaryFolder::make("selftest");
  if (!folder) {
    return folder.error();
  }
  const Setting setting{floor, program, folder->path() + "/server.log"};
  std::vector<std::string> mismatches;
  for (const auto& what : cases) {
    const std::string name = what.strategy().cell_name();
    const auto outcome = run_tries(what, setting);
    if (!outcome) {
      return outcome.error();
    }
    if (outcome->signal != 0) {
      return kSignalExit + outcome->signal;
    }
    const SelftestRow& row = outcome->row;
    const auto written = write_all(
        streams.out, table_line(name, what.fault, row.injected, row.reported, verdict_of(*outcome)),
        "standard output");
    if (!written) {
      return written.error();
    }
    if (!row.mismatch.empty()) {
      mismatches.push_back(fmt::format("{}, {}: {}", name, what.fault, row.mismatch));
    }
  }
  const auto written =
      write_all(streams.out,
                fmt::format("\n{} of {} match.\n", cases.size() - mismatches.size(), cases.size()),
                "standard output");
  if (!written) {
    return written.error();
  }
  for (const auto& mismatch : mismatches) {
    fmt::print(streams.err, "pushbench: selftest: {}\n", mismatch);
  }
  return static_cast<int>(mismatches.empty() ? ExitCode::kOk : ExitCode::kCouldNotRun);
}

// A link of /proc would mean another file in the child.
std::string own_program(const std::string& path) {
  std::error_code ec;
  const auto target = std::filesystem::read_symlink(path, ec);
  return ec ? path : target.string();
}

}  // namespace

int selftest_command(const SelftestArguments& arguments, const Streams& streams) {
  raise_descriptor_limit();
  const auto floor = swarm::measure_floor(true);
  if (!floor) {
    return fail(could_not_run("selftest: the tool's own floor could not be measured: loopback "
                              "sockets are missing, or the machine is far too busy"),
                streams);
  }
  const auto written = write_all(
      streams.out, say_floor(*floor) + table_line("strategy", "fault", "injected", "reported", ""),
      "standard output");
  if (!written) {
    return fail(written.error(), streams);
  }
  const auto code = run_all(selftest_cases(arguments.quick), *floor,
                            own_program(arguments.server_program), streams);
  return code ? *code : fail(code.error(), streams);
}

}  // namespace pushbench::app
