#include "harness/app/study_cli.h"

#include "harness/app/cli_options.h"

namespace pushbench::app {
namespace {

void add_format(CLI::App& app, std::string& to) {
  app.add_option("--format", to, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

void add_format_with_page(CLI::App& app, std::string& to) {
  app.add_option("--format", to, "text, json or html, a page that opens offline")
      ->check(CLI::IsMember({"text", "json", "html"}))
      ->capture_default_str();
}

void add_fit(CLI::App& app, StudyArguments& all, Action& action) {
  FitArguments& to = all.fit;
  CLI::App& fit = *app.add_subcommand(
      "fit", "Fit what each strategy costs a server, from results or from a small grid");
  fit.add_option("file", to.files, "result.json of several loads");
  fit.add_option("--hold-out", to.hold_out, "results that are predicted and not fitted")
      ->allow_extra_args(false);
  fit.add_option("--run", to.scenario,
                 "run a grid of clients and rates around this scenario first, with clients that "
                 "only wait and hold-outs");
  fit.add_option("--scaling", to.scaling,
                 "THREADS:PER_SECOND measured with so many threads, processes or servers; six or "
                 "more give a scaling law")
      ->allow_extra_args(false);
  fit.add_option("-o,--out", to.out, "model file to write");
  fit.add_flag("--force", to.force, "overwrite it");
  fit.add_flag("--quiet", to.run.quiet, "no progress on stderr");
  add_format(fit, to.format);
  add_server(fit, to.run);
  add_overrides(fit, to.run.overrides);
  add_repeats(fit, to.run.overrides);
  fit.callback([&all, &action] {
    all.fit.run.command_line = all.command_line;
    action = [&all](const Streams& s) { return fit_command(all.fit, s); };
  });
}

void add_workload(CLI::App& app, SizeArguments& to) {
  const char* group = "The workload";
  app.add_option("--clients", to.clients, "clients at the same time, such as 100000")->group(group);
  app.add_option("--events-per-client", to.events_per_client,
                 "events that each client receives, such as 0.2/s or 6/h")
      ->group(group);
  app.add_option("--payload", to.payload, "size of an event")->capture_default_str()->group(group);
  app.add_option("--fan-out", to.fan_out, "clients that one event goes to")
      ->capture_default_str()
      ->group(group);
  app.add_option("--rtt", to.rtt, "round trip to the clients")->capture_default_str()->group(group);
}

void add_size(CLI::App& app, StudyArguments& all, Action& action) {
  SizeArguments& to = all.size;
  CLI::App& size = *app.add_subcommand(
      "size", "How many servers a workload takes with each strategy, without a run");
  add_workload(size, to);
  size.add_option("--slo", to.slo, "bound to keep, such as 'latency.p99 < 200ms'")
      ->allow_extra_args(false);
  size.add_option("--poll-interval", to.poll_interval,
                  "of polls (default: as long as the bounds allow, else 1s)");
  const char* server = "A server";
  size.add_option("--cores", to.cores, "processors")->capture_default_str()->group(server);
  size.add_option("--memory", to.memory, "memory")->capture_default_str()->group(server);
  size.add_option("--link", to.link, "network, each way")->capture_default_str()->group(server);
  size.add_option("--headroom", to.headroom, "share of the processors that stays free")
      ->capture_default_str()
      ->group(server);
  constexpr int kMostSpare = 1000;
  size.add_option("--spare", to.spare, "servers that may fail at the same time")
      ->check(within(0, kMostSpare))
      ->capture_default_str()
      ->group(server);
  size.add_option("--model", to.model,
                  "cost model of your machine (pushbench fit -o FILE); without it the shipped "
                  "constants of another");
  size.add_option("--prices", to.prices,
                  "YAML file: currency, server-hour (or core-hour, memory-gb-hour), traffic-gb");
  size.add_option("--day", to.day, "load over a day as shares of the peak, such as 0.2,0.1,0.6,1");
  size.add_option("--strategy", to.strategies, "only these: the start of a cell's name")
      ->allow_extra_args(false);
  add_format(size, to.format);
  size.callback(
      [&all, &action] { action = [&all](const Streams& s) { return size_command(all.size, s); }; });
}

void add_capacity(CLI::App& app, StudyArguments& all, Action& action) {
  CapacityArguments& to = all.capacity;
  CLI::App& capacity = *app.add_subcommand(
      "capacity", "Search the largest load that one server holds with each strategy");
  capacity
      .add_option("scenario", to.scenario,
                  "scenario file, or name of a shipped one (pushbench scenarios)")
      ->required();
  capacity
      .add_option("--slo", to.slo,
                  "bound that a load must keep, such as 'latency.p99 < 50ms' (default: the "
                  "scenario's thresholds)")
      ->allow_extra_args(false);
  capacity
      .add_option("--over", to.over,
                  "what is raised: clients, events.rate or payload; two of them for a frontier")
      ->required()
      ->allow_extra_args(false);
  capacity.add_option("--budget", to.budget, "time that it may take")->capture_default_str();
  capacity.add_option("--out", to.out,
                      "directory; one with an unfinished search of the same question is gone on "
                      "with (default pushbench-out/<utc time>-<scenario>-capacity)");
  capacity.add_flag("--quiet", to.run.quiet, "no progress on stderr");
  add_format_with_page(capacity, to.format);
  add_server(capacity, to.run);
  add_overrides(capacity, to.run.overrides);
  capacity.callback([&all, &action] {
    all.capacity.run.command_line = all.command_line;
    action = [&all](const Streams& s) { return capacity_command(all.capacity, s); };
  });
}

void add_advise(CLI::App& app, StudyArguments& all, Action& action) {
  AdviseArguments& to = all.advise;
  CLI::App& advise = *app.add_subcommand(
      "advise",
      "Which strategy for a workload, and where another overtakes it; asks on a terminal");
  advise.add_option("--events-per-client", to.events_per_client,
                    "events that each client receives, such as 0.2/s or 6/h");
  advise.add_option("--staleness", to.staleness,
                    "the oldest that an event may be when it arrives, such as 2s");
  advise.add_option("--payload", to.payload, "size of an event (default 128B)");
  advise.add_option("--clients", to.clients, "clients at the same time (default 10000)");
  advise.add_option("--fan-out", to.fan_out, "clients that one event goes to, or all (default 1)");
  advise.add_option("--rtt", to.rtt, "round trip to the clients (default 50ms)");
  advise.add_option("--upstream", to.upstream,
                    "events that each client sends, such as 0.1/s (default none)");
  advise.add_option("--browsers", to.browsers, "modern or old (default modern)");
  advise
      .add_option("--proxy", to.proxy,
                  "what lies between: buffers, no-upgrade, or idle=60s when silence is cut")
      ->allow_extra_args(false);
  advise.add_option("--model", to.model, "cost model of your machine (pushbench fit -o FILE)");
  advise.add_flag("--verify", to.verify,
                  "measure a small part of this workload, and show it beside what was predicted");
  advise.add_flag("--quiet", to.run.quiet, "no progress on stderr");
  add_format_with_page(advise, to.format);
  add_server(advise, to.run);
  advise.callback([&all, &action] {
    all.advise.run.command_line = all.command_line;
    action = [&all](const Streams& s) { return advise_command(all.advise, s); };
  });
}

void add_sweep(CLI::App& app, StudyArguments& all, Action& action) {
  SweepArguments& to = all.sweep;
  CLI::App& sweep = *app.add_subcommand(
      "sweep", "Run a scenario at every combination of some values, and show who wins where");
  sweep
      .add_option("scenario", to.scenario,
                  "scenario file, or name of a shipped one (pushbench scenarios)")
      ->required();
  sweep
      .add_option("--vary", to.vary,
                  "KEY=A,B,C of clients, topics, events.rate, payload or link.rtt; several times "
                  "for a matrix")
      ->allow_extra_args(false);
  sweep
      .add_option("--by", to.by,
                  "metric that decides (default: latency.p99, ip_bytes_per_delivery and "
                  "server_cpu_per_delivery, one after the other)")
      ->allow_extra_args(false);
  sweep.add_option("--out", to.out,
                   "directory; one with an unfinished sweep is gone on with (default "
                   "pushbench-out/<utc time>-<scenario>-sweep)");
  sweep.add_flag("--quiet", to.run.quiet, "no progress on stderr");
  add_format_with_page(sweep, to.format);
  add_server(sweep, to.run);
  add_overrides(sweep, to.run.overrides);
  add_repeats(sweep, to.run.overrides);
  sweep.callback([&all, &action] {
    all.sweep.run.command_line = all.command_line;
    action = [&all](const Streams& s) { return sweep_command(all.sweep, s); };
  });
}

}  // namespace

void add_studies(CLI::App& app, StudyArguments& to, Action& action) {
  add_fit(app, to, action);
  add_size(app, to, action);
  add_capacity(app, to, action);
  add_advise(app, to, action);
  add_sweep(app, to, action);
}

}  // namespace pushbench::app
