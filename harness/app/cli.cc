#include "harness/app/cli.h"

#include "harness/app/cli_options.h"
#include "harness/app/gate_cli.h"
#include "harness/app/study_cli.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/plan/units.h"
#include "reports/export.h"
#include "reports/format.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::app {
namespace {

constexpr std::string_view kAbout =
    "Compares the ways a server can push events to clients over the web: polling, long-polling, "
    "streaming and "
    "WebSocket.";
constexpr std::string_view kFooter =
    "Exit codes: 0 ok, 1 could not run, 2 usage or scenario error, 3 measurement not valid, 4 "
    "regression, 5 inconclusive, 99 threshold crossed, 128+n ended by signal n.";

constexpr std::size_t kMostOfALimit = std::size_t{1} << 44U;  // refuses "-1", which would wrap

struct Parsed {
  RunArguments run;
  servers::ServerOptions serve;
  std::vector<std::string> replays;
  std::string listen = "127.0.0.1:8080";
  std::string write_delay = "0s";
  std::vector<std::string> inject;
  ReportArguments report;
  ExportArguments exports;
  ScenariosArguments scenarios;
  PredictArguments predict;
  SelftestArguments selftest;
  GateArguments gate;
  StudyArguments study;
  Action action;
};

std::string quoted_for_shell(std::string_view word) {
  std::string out = "'";
  for (const char c : word) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

std::string rejoin(int argc, const char* const* argv) {
  std::string line = "pushbench";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool plain = !word.empty() &&
                       word.find_first_of(" \t\n\"'$&|;<>()*?\\`#~![]{}") == std::string_view::npos;
    line += ' ';
    line += plain ? std::string(word) : quoted_for_shell(word);
  }
  return line;
}

void add_run(CLI::App& app, Parsed& to) {
  CLI::App& run = *app.add_subcommand("run", "Run scenarios and report");
  RunArguments& arguments = to.run;
  run.add_option("scenario", arguments.scenarios,
                 "scenario files, or names of shipped ones (pushbench scenarios)");
  run.add_flag("--quick", arguments.quick,
               "the shipped scenario 'quick': all strategies in under a minute");
  run.add_flag("--dry-run", arguments.dry_run,
               "print cells, time, sockets and what is short, and start nothing");
  run.add_option("--out", arguments.out,
                 "run directory (default pushbench-out/<utc time>-<scenario>)");
  run.add_flag("--force", arguments.force, "overwrite a result that is in --out already");
  add_server(run, arguments);
  run.add_option("--audit", arguments.audit,
                 "off: count deliveries and bytes, and look neither for losses nor at latency")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  run.add_option("--floor", arguments.floor, "off: do not measure what the tool itself adds")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  run.add_flag("--quiet", arguments.quiet, "no progress on stderr");
  run.add_flag(
      "--live", arguments.live,
      "show the run in a browser while it goes, on a loopback port (--live=PORT); off in CI");
  add_switch_off(run, "--no-color,--no-colour", arguments.colour, "no colours (also NO_COLOR)");
  run.add_flag("--strict", arguments.strict, "exit 3 for a suspect result too");
  add_exit_zero_on(run, arguments.exit_zero_on);
  add_overrides(run, arguments.overrides);
  add_repeats(run, arguments.overrides);
  run.callback([&to] { to.action = [&to](const Streams& s) { return run_command(to.run, s); }; });
}

// "HOST:PORT" or "[V6]:PORT" into the options.
void take_listen(Parsed& to) {
  const auto colon = to.listen.rfind(':');
  const auto port = colon == std::string::npos ? std::string() : to.listen.substr(colon + 1);
  const bool digits =
      !port.empty() && port.size() <= 5 &&
      std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || std::stoul(port) > 65535 || colon == 0) {
    throw CLI::ValidationError(
        "--listen", "expected HOST:PORT such as 127.0.0.1:8080, got '" + to.listen + "'");
  }
  to.serve.address = to.listen.substr(0, colon);
  if (to.serve.address.front() == '[' && to.serve.address.back() == ']') {
    to.serve.address = to.serve.address.substr(1, to.serve.address.size() - 2);
  }
  to.serve.port = static_cast<std::uint16_t>(std::stoul(port));
}

void take_write_delay(Parsed& to) {
  const auto delay = plan::parse_duration(to.write_delay);
  if (!delay || *delay > servers::ServerOptions::kMaxWriteDelay) {
    throw CLI::ValidationError("--write-delay",
                               "expected a duration of at most 1s such as 2ms, "
                               "got '" +
                                   printable(to.write_delay) + "'");
  }
  to.serve.write_delay = *delay;
}

void add_serve(CLI::App& app, Parsed& to) {
  CLI::App& serve = *app.add_subcommand("serve", "Run the reference server until SIGTERM");
  servers::Limits& limits = to.serve.limits;
  serve.add_option("--listen", to.listen, "address and port; port 0 takes a free one")
      ->capture_default_str();
  serve.add_option("--threads", to.serve.threads, "threads that serve, each a part of the clients")
      ->check(within(std::uint32_t{1}, servers::ServerOptions::kMaxThreads))
      ->capture_default_str();
  serve
      .add_option("--write-delay", to.write_delay,
                  "how long an event to streams may wait for others that then leave with it")
      ->capture_default_str();
  serve
      .add_option(
          "--compression-level", to.serve.compression_level,
          "of gzip and permessage-deflate, for clients that ask: 1 fast to 9 dense, 0 never")
      ->check(within(0, wire::kHighestCompression))
      ->capture_default_str();
  serve.add_flag("--echo", to.serve.echo,
                 "also serve /echo, a WebSocket that sends every message back");
  serve.add_option("--log-events", limits.log_events, "events that a topic's log holds")
      ->check(within(std::size_t{1}, kMostOfALimit))
      ->capture_default_str();
  serve.add_option("--log-bytes", limits.log_bytes, "bytes that a topic's log holds")
      ->check(within(std::size_t{1}, kMostOfALimit))
      ->capture_default_str();
  serve.add_option("--max-event", limits.max_event, "largest event in bytes")
      ->check(within(std::size_t{1}, kMostOfALimit))
      ->capture_default_str();
  serve
      .add_option("--allow-host", to.serve.allow_hosts,
                  "further Host to accept when listening on loopback")
      ->allow_extra_args(false);
  serve
      .add_option("--allow-origin", to.serve.allow_origins,
                  "further Origin to accept, such as http://localhost:3000")
      ->allow_extra_args(false);
  serve
      .add_option(
          "--replay", to.replays,
          "TARGET=TOPIC:FILE: answer GET TARGET with the head in FILE and the events of TOPIC")
      ->allow_extra_args(false);
  serve.add_option("--die-with-parent", to.serve.parent_pid,
                   "stop when the process with this id, which started it, ends");
  serve
      .add_option("--inject", to.inject,
                  "faults to commit on purpose, a test aid for loopback: delay=20ms, stall=1s@3s, "
                  "rate=5000/s, lose|duplicate|reorder|truncate=every:10, busy=500ns, busy=10%, "
                  "header=1")
      ->allow_extra_args(false);
  serve.callback([&to] {
    take_listen(to);
    take_write_delay(to);
    for (const auto& spec : to.inject) {
      if (const auto taken = servers::add_injection(spec, to.serve.injection); taken.has_error()) {
        to.action = [text = taken.error()](const Streams& s) { return fail(text, s); };
        return;
      }
    }
    to.action = [&to](const Streams& s) { return serve_command(to.serve, to.replays, s); };
  });
}

void add_check(CLI::App& app, bool& check, bool& strict) {
  auto* flag = app.add_flag("--check", check,
                            "exit as the run did: 3 not valid, 99 a threshold crossed (else 0)");
  app.add_flag("--strict", strict, "with --check: 3 for a suspect result too")->needs(flag);
}

void add_report(CLI::App& app, Parsed& to) {
  CLI::App& report = *app.add_subcommand("report", "Print or convert results");
  std::string names;
  for (const auto& format : reports::formats()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", format.name);
  }
  report
      .add_option(
          "file", to.report.files,
          "result.json or a run directory, several for some formats; or what sweep, capacity "
          "or advise wrote")
      ->required();
  report
      .add_option("--slo", to.report.slo,
                  "of a capacity search: judge its trials by this bound instead, such as "
                  "'latency.p99 < 20ms'")
      ->allow_extra_args(false);
  report.add_option("--format", to.report.format, names)->capture_default_str();
  report.add_option("-o,--out", to.report.out, "file to write (default: stdout)");
  report.add_flag("--force", to.report.force, "overwrite the file");
  report.add_flag("--full", to.report.full,
                  "every topic in the text too; the other formats have them anyway");
  add_switch_off(report, "--no-color,--no-colour", to.report.colour, "no colours (also NO_COLOR)");
  add_check(report, to.report.check, to.report.strict);
  report.callback(
      [&to] { to.action = [&to](const Streams& s) { return report_command(to.report, s); }; });
}

void add_export(CLI::App& app, Parsed& to) {
  CLI::App& sub = *app.add_subcommand("export", "Convert results for other tools");
  std::string names;
  for (const auto& one : reports::exports()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", one.name);
  }
  auto& arguments = to.exports;
  sub.add_option("file", arguments.files, "result.json or a run directory, several of them")
      ->required();
  sub.add_option("--to", arguments.to, names)->required();
  sub.add_option("-o,--out", arguments.out,
                 "file to write, or a directory for formats of several files (default: stdout)");
  sub.add_flag("--force", arguments.force, "overwrite files");
  sub.add_option("--metric", arguments.metrics, "only this metric, such as latency.p99; repeatable")
      ->allow_extra_args(false);
  sub.add_option("--latency", arguments.latency,
                 "what gbench calls real_time (default latency.p99)");
  sub.add_flag("--even-invalid", arguments.even_invalid,
               "figures of a run that is not valid too, in formats that cannot say so");
  add_check(sub, arguments.check, arguments.strict);
  sub.callback(
      [&to] { to.action = [&to](const Streams& s) { return export_command(to.exports, s); }; });
}

void add_predict(CLI::App& app, Parsed& to) {
  CLI::App& predict =
      *app.add_subcommand("predict", "Print what closed forms say of a scenario, without a run");
  predict
      .add_option("scenario", to.predict.scenario,
                  "scenario file, or name of a shipped one (pushbench scenarios)")
      ->required();
  predict
      .add_option("--delay", to.predict.delay,
                  "time one way between server and client, such as 50ms")
      ->capture_default_str();
  add_overrides(predict, to.predict.overrides);
  add_repeats(predict, to.predict.overrides);
  predict.callback(
      [&to] { to.action = [&to](const Streams& s) { return predict_command(to.predict, s); }; });
}

void add_others(CLI::App& app, Parsed& to) {
  CLI::App& scenarios =
      *app.add_subcommand("scenarios", "List the shipped scenarios, or explain one");
  scenarios.add_option("name", to.scenarios.name, "scenario to explain");
  scenarios.callback([&to] {
    to.action = [&to](const Streams& s) { return scenarios_command(to.scenarios, s); };
  });
  CLI::App& selftest = *app.add_subcommand(
      "selftest", "Show that known faults are reported exactly, and what the tool itself adds");
  selftest.add_flag("--quick", to.selftest.quick, "fewer strategies, under half a minute");
  selftest.callback(
      [&to] { to.action = [&to](const Streams& s) { return selftest_command(to.selftest, s); }; });
  app.add_subcommand("schema", "Print the JSON Schema of scenario files")->callback([&to] {
    to.action = schema_command;
  });
  app.add_subcommand("doctor",
                     "Print what this machine allows, and the command that mends each shortage")
      ->callback([&to] { to.action = doctor_command; });
}

std::string unknown_word(const CLI::App& app, int argc, const char* const* argv) {
  if (argc >= 2 && argv[1][0] == '-') {
    return {};
  }
  std::vector<std::string> names;
  for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  if (argc < 2) {
    return fmt::format("name a command, such as 'pushbench run --quick' (commands: {})",
                       fmt::join(names, ", "));
  }
  const std::string word = argv[1];
  if (std::find(names.begin(), names.end(), word) != names.end()) {
    return {};
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return fmt::format("unknown command '{}'{} (commands: {})", printable(word),
                     did_you_mean(word, views), fmt::join(names, ", "));
}

// CLI11 names an unknown option among "arguments were not expected"; the nearest known one helps
// more.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App* sub = app.get_subcommands().empty() ? &app : app.get_subcommands().front();
  std::string text = error.what();
  for (const auto& word : sub->remaining()) {
    std::vector<std::string> names;
    for (const auto* option : sub->get_options()) {
      for (const auto& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    text = fmt::format("unknown argument '{}'{}", printable(word),
                       did_you_mean(word.substr(0, word.find('=')), views));
    break;
  }
  std::replace(text.begin(), text.end(), '\n', ' ');
  return fmt::format("{} (pushbench {}--help)", text, sub == &app ? "" : sub->get_name() + " ");
}

int parsing_failed(const CLI::App& app, const CLI::ParseError& error, const Streams& streams) {
  if (error.get_exit_code() == 0) {  // --help, --version
    const bool version = dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr;
    const std::string text = version ? app.version() + "\n" : app.help();
    const auto written = write_all(streams.out, text, "standard output");
    return written ? 0 : fail(written.error(), streams);
  }
  return fail(usage(explain(app, error)), streams);
}

}  // namespace

int run_cli(int argc, const char* const* argv, const Streams& streams) {
  CLI::App app{std::string(kAbout), "pushbench"};
  Parsed parsed;
  app.footer(std::string(kFooter));
  app.set_version_flag("--version", fmt::format("pushbench {} ({}, {})", PUSHBENCH_VERSION,
                                                PUSHBENCH_COMMIT, PUSHBENCH_BUILD));
  app.require_subcommand(1);
  add_run(app, parsed);
  add_serve(app, parsed);
  add_report(app, parsed);
  add_export(app, parsed);
  add_predict(app, parsed);
  add_gate(app, parsed.gate, parsed.action);
  add_others(app, parsed);
  add_studies(app, parsed.study, parsed.action);
  parsed.run.command_line = rejoin(argc, argv);
  parsed.study.command_line = parsed.run.command_line;
  if (const auto unknown = unknown_word(app, argc, argv); !unknown.empty()) {
    return fail(usage(unknown), streams);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parsing_failed(app, error, streams);
  }
  return parsed.action(streams);
}

}  // namespace pushbench::app
