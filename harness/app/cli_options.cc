#include "harness/app/cli_options.h"

#include "harness/app/commands.h"

namespace pushbench::app {
namespace {

constexpr std::uint32_t kMaxWorkers = 1024;
constexpr const char* kInstead = "Instead of what the scenario says";

}  // namespace

void add_switch_off(CLI::App& app, const char* names, bool& value, const char* about) {
  app.add_flag_callback(
      names, [&value] { value = false; }, about);
}

void add_overrides(CLI::App& app, plan::Overrides& to) {
  app.add_option("--clients", to.clients, "number of clients")->group(kInstead);
  app.add_option("--topics", to.topics, "number of topics (1 is a broadcast)")->group(kInstead);
  app.add_option("--rate", to.rate, "events per second over all topics, such as 100/s")
      ->group(kInstead);
  app.add_option("--payload", to.payload, "size of an event, such as 128B")->group(kInstead);
  app.add_option("--ramp", to.ramp, "time to connect all clients")->group(kInstead);
  app.add_option("--warmup", to.warmup, "time that is not counted")->group(kInstead);
  app.add_option("--measure", to.measure, "time that is counted")->group(kInstead);
  app.add_option("--rtt", to.rtt, "round trip of an emulated link, such as 100ms")->group(kInstead);
  app.add_option("--seed", to.seed, "seed of schedules and sizes")->group(kInstead);
  app.add_option("--strategy", to.strategies,
                 "only these: a strategy or the start of a cell's name")
      ->group(kInstead)
      ->allow_extra_args(false);
}

void add_repeats(CLI::App& app, plan::Overrides& to) {
  app.add_option("--repeats", to.repeats, "times to run every cell")->group(kInstead);
}

void add_server(CLI::App& run, RunArguments& to) {
  run.add_option("--server", to.server, "drive the server at this URL instead of starting one");
  run.add_option("--server-command", to.server_command,
                 "start the server by this command instead, anew for every cell; it prints "
                 "'listening on http://HOST:PORT' on a loopback address");
  constexpr int kMostProcesses = 4'194'304;  // PID_MAX_LIMIT of Linux
  run.add_option("--server-pid", to.server_pid,
                 "process of that server, when it runs on this host: its cost is measured")
      ->check(within(1, kMostProcesses));
  run.add_option(
      "--server-metrics", to.server_metrics,
      "OpenMetrics page of that server, when it runs elsewhere: its cost is what the page "
      "says, such as http://HOST:PORT/metrics");
  run.add_option("--i-may-load", to.may_load, "host other than loopback that you may put load on")
      ->allow_extra_args(false);
  run.add_option(
         "--workers", to.workers,
         "threads for clients (default: one per free processor, more where descriptors ask for "
         "it)")
      ->check(within(std::uint32_t{1}, kMaxWorkers));
  add_switch_off(run, "--no-pin", to.pin, "do not give server and clients processors of their own");
}

void add_exit_zero_on(CLI::App& app, std::vector<int>& to) {
  app.add_option("--exit-zero-on", to, "exit codes to turn into 0, for report-only jobs")
      ->check(within(1, 255))
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace pushbench::app
