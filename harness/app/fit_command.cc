#include "harness/app/fit_command.h"

#include "harness/app/destination.h"
#include "harness/app/model_text.h"
#include "harness/app/run_setup.h"
#include "harness/app/temporary_folder.h"
#include "harness/app/trial_runner.h"
#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/plan/units.h"
#include "harness/result/json_io.h"
#include "harness/study/axis.h"
#include "harness/study/fit_grid.h"
#include "harness/study/model_file.h"
#include "harness/study/workload.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

namespace pushbench::app {
namespace {

constexpr std::size_t kMostScalingPoints = 1000;

// What was seen, and of which machine.
struct Seen {
  study::Observations observations;
  std::size_t runs = 0;
  std::string machine, date, commit;

  void add(const result::RunResult& run, bool held_out) {
    study::add_observations(run, held_out, observations);
    ++runs;
    date = std::max(date, run.started_utc);
    commit = run.tool_commit;
    const auto found = [&](const char* key) {
      const auto at = run.environment.find(key);
      return at == run.environment.end() ? std::string("?") : at->second;
    };
    machine = fmt::format("{}, {} processors, {}", found("cpu"), found("cores"), found("kernel"));
  }
};

Result<void> read_files(const std::vector<std::string>& files, bool held_out, Seen& to) {
  for (const auto& file : files) {
    const auto run = result::load_result(file);
    if (!run) {
      return run.error();
    }
    if (to.runs > 0 && run->environment.contains("cpu") &&
        to.machine.find(run->environment.at("cpu")) == std::string::npos) {
      return usage(fmt::format(
          "{}: it was measured on another processor ({}) than the results before it ({}); fit "
          "those of one machine together",
          printable(file), run->environment.at("cpu"), to.machine));
    }
    to.add(*run, held_out);
  }
  return {};
}

struct GridRun {
  const FitArguments& arguments;
  const Streams& streams;
  std::string log;
  CellLines lines;
  std::size_t done = 0, cells = 0;
};

std::string line_of(const plan::Scenario& scenario, const study::GridPoint& point) {
  const std::string family = study::family_of(scenario.strategies.front());
  const std::string clients = human_count(scenario.clients) + " clients";
  return point.idle()
             ? fmt::format("{}, {} that wait", family, clients)
             : fmt::format("{}, {}, {} events/s{}", scenario.strategies.front().cell_name(),
                           clients, human_count(scenario.events.rate_per_s),
                           point.held_out ? ", held out" : "");
}

// A signal's number ends the grid; 0: go on.
Result<int> run_cell(GridRun& grid,
                     const plan::Scenario& base,
                     const study::GridCell& cell,
                     Seen& to) {
  const auto& point = cell.point;
  auto scenario = load_named_scenario(
      grid.arguments.scenario, study::overrides_at(base, point, grid.arguments.run.overrides));
  if (!scenario) {
    return scenario.error();
  }
  scenario->repeats = 1;
  scenario->strategies = {scenario->strategies.at(cell.strategy)};
  if (point.idle()) {
    study::make_idle(*scenario);
  } else {
    study::stretch_polls(*scenario, point.interval);
    study::settle_polls(*scenario);
  }
  grid.lines.begin(grid.done++, grid.cells, line_of(*scenario, point));
  auto trial = run_trial(*scenario, grid.arguments.run, grid.log,
                         point.idle() ? Trial::kIdleCosts : Trial::kCosts);
  if (!trial) {
    grid.lines.end("could not be run");
    return trial.error();
  }
  if (trial->signal != 0) {
    grid.lines.end("interrupted");
    return trial->signal;
  }
  const auto before = to.observations.left_out.size();
  to.add(trial->run, point.held_out);
  grid.lines.end(to.observations.left_out.size() > before ? "left out" : "done");
  return 0;
}

Result<int> run_grid(const FitArguments& arguments, const Streams& streams, Seen& to) {
  const auto base = load_named_scenario(arguments.scenario, arguments.run.overrides);
  if (!base) {
    return base.error();
  }
  if (const auto steady = study::check_steady(*base, "fit"); !steady) {
    return steady.error();
  }
  if (const auto fits = can_make(*base, arguments.run); !fits) {
    return fits.error();
  }
  raise_descriptor_limit();
  const auto folder = TemporaryFolder::make("fit");
  if (!folder) {
    return folder.error();
  }
  const std::string log = folder->path() + "/server.log";
  GridRun grid{arguments, streams, log, CellLines(streams.err, arguments.run.quiet)};
  grid.cells = study::kFitGrid.size() * base->strategies.size() * base->repeats;
  for (std::uint32_t pass = 0; pass < base->repeats; ++pass) {
    for (const auto& cell : study::cells_of_pass(base->strategies.size(), base->seed, pass)) {
      auto ended = run_cell(grid, *base, cell, to);
      if (!ended || *ended != 0) {
        return ended;
      }
    }
  }
  return 0;
}

void say_left_out(const std::vector<std::string>& sentences, const Streams& streams) {
  for (const auto& sentence : sentences) {
    say(streams.err, fmt::format("pushbench: fit: left out: {}\n", sentence));
  }
}

Result<study::CostModel> fit_seen(const Seen& seen,
                                  const FitArguments& arguments,
                                  const Streams& streams) {
  say_left_out(seen.observations.left_out, streams);
  std::vector<std::string> problems;
  auto model = study::fit_costs(seen.observations.usable, problems);
  if (!model) {
    return model.error();
  }
  say_left_out(problems, streams);
  model->source = arguments.scenario.empty() ? fmt::format("fitted from {} results", seen.runs)
                                             : "fitted from a grid around " + arguments.scenario;
  model->machine = seen.machine;
  model->date = seen.date;
  model->commit = seen.commit;
  if (!arguments.scaling.empty()) {
    const auto points = parse_scaling(arguments.scaling);
    if (!points) {
      return points.error();
    }
    const auto law = study::fit_scaling(*points);
    if (!law) {
      return law.error();
    }
    model->scaling = *law;
  }
  return model;
}

Result<void> check_fit(const FitArguments& arguments) {
  if (arguments.files.empty() == arguments.scenario.empty()) {
    return usage(arguments.files.empty()
                     ? "fit: name result.json files, or a scenario to run by --run SCENARIO"
                     : "fit: results and --run together; fit either of them");
  }
  if (!arguments.scaling.empty()) {
    const auto points = parse_scaling(arguments.scaling);
    const auto law =
        points ? study::fit_scaling(*points) : Result<study::ScalingLaw>(points.error());
    if (!law) {
      return law.error();  // before anything runs for minutes
    }
  }
  std::error_code ec;
  const auto folder = std::filesystem::path(arguments.out).parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, ec)) {
    return usage(fmt::format("-o: there is no directory {}; create it, or name another",
                             printable(folder.string())));
  }
  if (!arguments.out.empty() && !arguments.force && std::filesystem::exists(arguments.out, ec)) {
    return usage(fmt::format("-o: {} is there already; choose another name or add --force",
                             printable(arguments.out)));
  }
  return {};
}

}  // namespace

Result<std::vector<study::ScalingPoint>> parse_scaling(const std::vector<std::string>& words) {
  std::vector<study::ScalingPoint> out;
  for (const auto& word : words) {
    const auto colon = std::min(word.find(':'), word.size());
    const auto n = plan::parse_number(word.substr(0, colon));
    const auto rate = plan::parse_number(colon < word.size() ? word.substr(colon + 1) : "");
    if (!n || !rate || out.size() >= kMostScalingPoints) {
      return usage(fmt::format(
          "--scaling: expected THREADS:PER_SECOND such as 2:270000, at most {} of them, got '{}'",
          kMostScalingPoints, printable(word)));
    }
    out.push_back({*n, *rate});
  }
  return out;
}

int fit_command(const FitArguments& arguments, const Streams& streams) {
  if (const auto fine = check_fit(arguments); !fine) {
    return fail(fine.error(), streams);
  }
  Seen seen;
  if (arguments.scenario.empty()) {
    auto read = read_files(arguments.files, false, seen);
    if (read) {
      read = read_files(arguments.hold_out, true, seen);
    }
    if (!read) {
      return fail(read.error(), streams);
    }
  } else {
    const auto ended = run_grid(arguments, streams, seen);
    if (!ended) {
      return fail(ended.error(), streams);
    }
    if (*ended != 0) {
      return kSignalExit + *ended;
    }
  }
  const auto model = fit_seen(seen, arguments, streams);
  if (!model) {
    return fail(model.error(), streams);
  }
  const std::string json = study::to_json(*model);
  if (!arguments.out.empty()) {
    if (const auto written = result::write_file(arguments.out, json); !written) {
      return fail(written.error(), streams);
    }
    say(streams.err, fmt::format("written: {}\n", printable(arguments.out)));
  }
  const auto shown = write_all(
      streams.out, arguments.format == "json" ? json : describe_model(*model), "standard output");
  return shown ? 0 : fail(shown.error(), streams);
}

}  // namespace pushbench::app
