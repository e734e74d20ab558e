#include "harness/app/commands.h"
#include "harness/app/destination.h"
#include "harness/app/dry_run.h"
#include "harness/app/exit_codes.h"
#include "harness/app/live_view.h"
#include "harness/app/progress.h"
#include "harness/app/run_setup.h"
#include "harness/app/step_summary.h"
#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/result/json_io.h"
#include "harness/result/metrics.h"
#include "harness/swarm/run.h"
#include "reports/format.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace pushbench::app {
namespace {

Result<void> write_results(const std::string& directory, const result::RunResult& run) {
  const std::array<result::RunResult, 1> runs{run};
  const std::string stem = directory + "/";
  auto written = result::write_file(stem + "result.json", result::to_json(run));
  for (const char* name : {"html", "text", "hgrm"}) {
    const reports::Format* format = reports::find_format(name);
    if (written && format != nullptr) {
      const bool html = std::string_view(name) == "html";
      const std::string file = stem + (html                               ? "report."
                                       : std::string_view(name) == "text" ? "report."
                                                                          : "latency.");
      written = result::write_file(file + std::string(format->extension), format->render(runs, {}));
    }
  }
  return written;
}

Result<void> show_result(const result::RunResult& run,
                         const RunArguments& arguments,
                         const Streams& streams) {
  const std::array<result::RunResult, 1> runs{run};
  reports::RenderOptions render;
  render.colour = wants_colour(arguments.colour, streams.out);
  return write_all(streams.out, reports::find_format("text")->render(runs, render),
                   "standard output");
}

int exit_code(const RunArguments& arguments, const swarm::RunOutcome& outcome) {
  if (outcome.signal != 0) {
    return kSignalExit + outcome.signal;
  }
  return exit_of(outcome.result, arguments.strict);
}

// `live`: null without --live.
int run_one(const plan::Scenario& scenario,
            const RunArguments& arguments,
            const Streams& streams,
            LiveView* live) {
  auto options = make_options(arguments, scenario);
  if (!options) {
    return fail(options.error(), streams);
  }
  const bool loopback = spare_sources(options->endpoint);
  if (const auto fits = refuse_shortages(scenario, loopback); !fits) {
    return fail(fits.error(), streams);
  }
  const auto directory = make_run_directory(arguments.out, scenario.name, arguments.force);
  if (!directory) {
    return fail(directory.error(), streams);
  }
  raise_descriptor_limit();
  options->server_log = *directory + "/server.log";
  ProgressView view(streams.err, progress_mode(arguments, streams.err),
                    wants_colour(arguments.colour, streams.err));
  options->on_signal = [&view] { view.stopping(); };
  options->on_progress = [&view, live](const swarm::Progress& progress) {
    view.update(progress);
    if (live != nullptr) {
      live->update(progress);
    }
  };
  if (live != nullptr) {
    live->begin(scenario);
  }
  auto outcome = run_and_judge(scenario, *options);
  if (!outcome) {
    return fail(outcome.error(), streams);
  }
  auto written = write_results(*directory, outcome->result);
  if (live != nullptr) {
    live->end(outcome->result, *directory);
  }
  // Shown even when it could not be kept: the run may have taken hours.
  const auto shown = show_result(outcome->result, arguments, streams);
  if (written) {
    written = shown;
  }
  add_step_summary(outcome->result, streams);
  if (!written) {
    const int code = fail(written.error(), streams);
    return outcome->signal != 0 ? kSignalExit + outcome->signal : code;
  }
  say(streams.err, fmt::format("\nwritten: {0}/result.json, {0}/report.html\n", *directory));
  return exit_code(arguments, *outcome);
}

// Null unless it is asked for. In CI nobody watches.
Result<std::unique_ptr<LiveView>> begin_live(const RunArguments& arguments,
                                             const Streams& streams) {
  if (arguments.live.empty() || arguments.dry_run) {
    return std::unique_ptr<LiveView>();
  }
  const auto port = live_port(arguments.live);
  if (!port) {
    return port.error();
  }
  if (std::getenv("CI") != nullptr) {
    say(streams.err, "pushbench: --live is off, since CI is set\n");
    return std::unique_ptr<LiveView>();
  }
  auto live = LiveView::start(*port);
  if (live) {
    say(streams.err, fmt::format("live: {}\n", (*live)->url()));
  }
  return live;
}

int dry_run_one(const plan::Scenario& scenario,
                const RunArguments& arguments,
                const Streams& streams) {
  const auto loopback = spare_sources(arguments);
  return loopback ? dry_run(scenario, *loopback, streams) : fail(loopback.error(), streams);
}

int forgive(int code, const RunArguments& arguments) {
  const auto& list = arguments.exit_zero_on;
  return std::find(list.begin(), list.end(), code) != list.end() ? 0 : code;
}

}  // namespace

bool wants_colour(bool allowed, std::FILE* file) {
  const char* term = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  const char* ci = std::getenv("CI");
  const auto is_unset = [](const char* value) { return value == nullptr || *value == '\0'; };
  return allowed && is_unset(no_colour) && is_unset(ci) && isatty(fileno(file)) == 1 &&
         (term == nullptr || std::string_view(term) != "dumb");
}

int fail(const Failure& failure, const Streams& streams) {
  say(streams.err, fmt::format("pushbench: {}\n", failure.text));
  return static_cast<int>(failure.code);
}

void say(std::FILE* file, std::string_view text) noexcept {
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
}

Result<void> write_all(std::FILE* file, std::string_view text, std::string_view name) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (!whole || std::fflush(file) != 0) {
    return could_not_run(fmt::format("cannot write to {}: {}", name, std::strerror(errno)));
  }
  return {};
}

int run_command(const RunArguments& arguments, const Streams& streams) {
  std::vector<std::string> names = arguments.scenarios;
  if (arguments.quick) {
    names.insert(names.begin(), "quick");
  }
  if (names.empty()) {
    return fail(usage("run: name a scenario file or a shipped scenario, or use --quick (pushbench "
                      "scenarios lists them)"),
                streams);
  }
  if (names.size() > 1 && !arguments.out.empty()) {
    return fail(
        usage("--out: one run directory cannot hold several runs; run the scenarios one by one"),
        streams);
  }
  std::vector<plan::Scenario> scenarios;
  for (const auto& name : names) {
    auto scenario = load_named_scenario(name, arguments.overrides);
    if (!scenario) {
      return fail(scenario.error(), streams);
    }
    scenarios.push_back(std::move(*scenario));
  }
  const auto live = begin_live(arguments, streams);
  if (!live) {
    return fail(live.error(), streams);
  }
  int code = 0;
  for (const auto& scenario : scenarios) {
    const int one = arguments.dry_run ? dry_run_one(scenario, arguments, streams)
                                      : run_one(scenario, arguments, streams, live->get());
    code = worst_of(code, one);
    if (one > kSignalExit) {
      break;
    }
  }
  return forgive(code, arguments);
}

}  // namespace pushbench::app
