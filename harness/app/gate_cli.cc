#include "harness/app/gate_cli.h"

#include "harness/app/cli_options.h"

namespace pushbench::app {
namespace {

constexpr const char* kFormats = "text, md or json";

void add_own_runs(CLI::App& app, OwnRuns& to, const char* about_out) {
  const char* group = "Runs of its own";
  app.add_option("--repeats", to.repeats, "runs of each side")
      ->check(within(std::uint32_t{1}, kMostOwnRuns))
      ->capture_default_str()
      ->group(group);
  app.add_option("--out", to.out, about_out)->group(group);
  app.add_flag("--quiet", to.quiet, "no progress on stderr");
  add_overrides(app, to.overrides);
}

void add_forces(CLI::App& app, bool& scenario, bool& environment, bool& both) {
  app.add_flag("--force-scenario", scenario, "compare different workloads all the same");
  app.add_flag("--force-env", environment, "compare different machines or builds all the same");
  app.add_flag("--force", both, "both of these");
}

void add_compare(CLI::App& app, CompareArguments& to, Action& action) {
  CLI::App& compare = *app.add_subcommand("compare", "Is the head slower than the base?");
  compare
      .add_option("what", to.words,
                  "BASE and HEAD: result files or directories of them; or the scenario to run")
      ->expected(0, 2);
  const char* group = "Runs of its own";
  compare
      .add_option("--base-bin", to.base_bin, "pushbench of the base, run in turn with the head's")
      ->group(group);
  compare.add_option("--head-bin", to.head_bin, "pushbench of the head")->group(group);
  compare.add_option("--base-server", to.base_server, "command that starts the base's server")
      ->group(group);
  compare.add_option("--head-server", to.head_server, "command that starts the head's server")
      ->group(group);
  compare.add_option("--base-ref", to.base_ref, "git revision to build as the base, from here")
      ->group(group);
  compare.add_option("--head-ref", to.head_ref, "git revision to build as the head (default HEAD)")
      ->group(group);
  add_own_runs(compare, to.runs,
               "directory for the runs (default pushbench-out/<utc time>-compare)");
  compare
      .add_option("--more", to.more,
                  "runs of each side that are added when a regression is likely and not proven "
                  "(default: as many as --repeats; 0: none)")
      ->check(within(std::uint32_t{0}, kMostOwnRuns))
      ->group(group);
  compare.add_option("--policy", to.policy, "YAML file of gated metrics and accepted changes");
  compare.add_option("--noise", to.noise,
                     "noise floor of this machine (default: noise.json beside the base)");
  compare.add_option("--format", to.format, kFormats)->capture_default_str();
  compare.add_flag("--full", to.full, "every metric, also those that do not gate");
  add_forces(compare, to.force_scenario, to.force_environment, to.force);
  add_exit_zero_on(compare, to.exit_zero_on);
  compare.callback([&] { action = [&to](const Streams& s) { return compare_command(to, s); }; });
}

void add_calibrate(CLI::App& app, CalibrateArguments& to, Action& action) {
  CLI::App& calibrate = *app.add_subcommand(
      "calibrate", "Learn the noise floor of this machine from runs of one build");
  calibrate.add_option("scenario", to.scenario, "scenario to run for two sides that are alike");
  calibrate.add_option("--from", to.from, "directory of runs that were made already, instead");
  calibrate.add_option("-o,--output", to.out, "noise file (default: noise.json beside the runs)");
  calibrate.add_flag("--force", to.force, "overwrite it");
  add_own_runs(calibrate, to.runs,
               "directory for the runs (default pushbench-out/<utc time>-calibrate)");
  calibrate.callback(
      [&] { action = [&to](const Streams& s) { return calibrate_command(to, s); }; });
}

void add_history(CLI::App& app, HistoryArguments& to, Action& action) {
  CLI::App& history = *app.add_subcommand("history", "Where did a series of results change?");
  history.add_option("directory", to.directory, "directory with result.json files below it")
      ->required();
  history
      .add_option("--metric", to.metrics,
                  "only this metric, such as latency.p99; repeatable (default: the gated ones)")
      ->allow_extra_args(false);
  history.add_option("--cell", to.cells, "only cells whose name begins so; repeatable")
      ->allow_extra_args(false);
  history.add_option("--policy", to.policy, "YAML file of gated metrics and their least effects");
  history.add_option("--format", to.format, "text, csv, json or html")->capture_default_str();
  add_forces(history, to.force_scenario, to.force_environment, to.force);
  history.callback([&] { action = [&to](const Streams& s) { return history_command(to, s); }; });
}

}  // namespace

void add_gate(CLI::App& app, GateArguments& to, Action& action) {
  add_compare(app, to.compare, action);
  add_calibrate(app, to.calibrate, action);
  add_history(app, to.history, action);
}

}  // namespace pushbench::app
