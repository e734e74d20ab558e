#include "harness/app/capacity_command.h"

#include "harness/app/capacity_question.h"
#include "harness/app/capacity_text.h"
#include "harness/app/destination.h"
#include "harness/app/study_report.h"
#include "harness/app/trial_runner.h"
#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/plan/payload_file.h"
#include "harness/result/json_io.h"

#include <fmt/format.h>

#include <system_error>

#include <algorithm>
#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using study::Cause;

constexpr std::size_t kMaxStateBytes = std::size_t{64} * 1024 * 1024;
constexpr double kUsualTrials = 18;  // of a search, for the estimate of what is left

struct Hunt {
  const CapacityArguments& arguments;
  const Streams& streams;
  Question& question;
  std::string directory;
  CellLines lines;
  int signal = 0;
  bool budget_ended = false;

  std::string state_file() const { return directory + "/capacity.json"; }
  Result<void> save() const {
    return result::write_file(state_file(), study::to_json(question.state));
  }
};

// The directory, and what it holds already.
Result<std::string> open_directory(Question& question, const CapacityArguments& arguments) {
  const std::string file = arguments.out + "/capacity.json";
  std::error_code ec;
  if (!arguments.out.empty() && fs::exists(file, ec)) {
    const auto text = plan::read_small_file(file, kMaxStateBytes);
    auto found = text ? study::capacity_from_json(*text, printable(file))
                      : Result<study::CapacityState>(text.error());
    if (!found) {
      return found.error();
    }
    const auto taken = resume(question, std::move(*found), arguments.out);
    return taken ? Result<std::string>(arguments.out) : Result<std::string>(taken.error());
  }
  return make_run_directory(arguments.out, question.base.name + "-capacity", false);
}

// How many trials the searches still take, as far as can be told.
double trials_left(const study::CapacityState& state) {
  double left = 0;
  for (const auto& search : state.searches) {
    if (search.next()) {
      left += std::max(3.0, kUsualTrials - static_cast<double>(search.records.size()));
    }
  }
  return left;
}

std::string progress_text(const Hunt& hunt,
                          const study::Search& search,
                          const study::Trial& trial) {
  const auto& axis = **study::find_axis("", search.axis);
  const auto made = hunt.question.state.trials_made();
  const Nanos passed = hunt.lines.elapsed();
  double seconds = 0;
  for (const auto& one : hunt.question.state.searches) {
    for (const auto& record : one.records) {
      seconds += record.seconds;
    }
  }
  std::string left;
  if (made > 0) {
    const double expected = seconds / static_cast<double>(made) * trials_left(hunt.question.state);
    const double budget = seconds_of(hunt.question.budget - passed);
    left = fmt::format(", about {} left", human_duration(Nanos(static_cast<std::int64_t>(
                                              std::max(0.0, std::min(expected, budget)) * 1e9))));
  }
  return fmt::format(
      "[{} of {}{}] {}{}, {} ({})", human_duration(passed), human_duration(hunt.question.budget),
      left, search.cell,
      search.fixed_axis.empty()
          ? ""
          : fmt::format(" with {}",
                        study::load_text(**study::find_axis("", search.fixed_axis), search.fixed)),
      study::load_text(axis, trial.load), study::purpose_name(trial.purpose));
}

study::TrialRecord not_tried(const study::Trial& trial, const std::string& why) {
  study::TrialRecord record;
  record.trial = trial;
  record.trial.outcome = study::Outcome::kImpossible;
  record.cause = Cause::kMachine;
  record.text = why;
  return record;
}

// A failure ends the hunt: there is no server to search any more.
Result<study::TrialRecord> make_trial(Hunt& hunt,
                                      const study::Search& search,
                                      const study::Trial& trial) {
  const auto scenario = trial_scenario(hunt.question, hunt.arguments, search, trial.load);
  if (!scenario) {
    return not_tried(trial, scenario.error().text);
  }
  if (const auto fits = can_make(*scenario, hunt.arguments.run); !fits) {
    return not_tried(trial, fits.error().text);
  }
  study::TrialRecord record;
  record.trial = trial;
  const TimePoint start = steady_now();
  auto run = run_trial(*scenario, hunt.arguments.run, hunt.directory + "/server.log");
  record.seconds = seconds_of(steady_now() - start);
  if (!run) {
    const bool held_before = search.knee().held.has_value();
    if (!hunt.arguments.run.server.empty() || !held_before) {
      return run.error();
    }
    record.trial.outcome = study::Outcome::kCrossed;
    record.cause = Cause::kSockets;
    record.text = run.error().text;
    return record;
  }
  hunt.signal = run->signal;
  record.figures = study::figures_of(run->run);
  const auto verdict = study::judge_figures(*record.figures, scenario->thresholds);
  record.trial.outcome = verdict.outcome;
  record.cause = verdict.cause;
  record.text = verdict.text;
  record.file = fmt::format("trials/{:04}.json", hunt.question.state.trials_made() + 1);
  const auto written =
      result::write_file(hunt.directory + "/" + record.file, result::to_json(run->run));
  return written ? Result<study::TrialRecord>(record) : Result<study::TrialRecord>(written.error());
}

std::string outcome_text(const study::TrialRecord& record) {
  return record.text.empty() ? std::string(study::outcome_name(record.trial.outcome))
                             : fmt::format("{}: {}", study::outcome_name(record.trial.outcome),
                                           printable(record.text));
}

Result<void> hunt_down(Hunt& hunt) {
  auto& state = hunt.question.state;
  for (;;) {
    if (hunt.question.axes.size() > 1) {
      state.extend_frontier(hunt.question.axes[1]->read(hunt.question.base));
    }
    study::Search* const search = state.next_search();
    if (search == nullptr) {
      return {};
    }
    const study::Trial trial = *search->next();
    const auto scenario = trial_scenario(hunt.question, hunt.arguments, *search, trial.load);
    const Nanos needed = scenario ? scenario->cell_time(scenario->strategies.front()) : Nanos(0);
    if (hunt.lines.elapsed() + needed > hunt.question.budget) {
      hunt.budget_ended = true;
      return {};
    }
    hunt.lines.say_begin(progress_text(hunt, *search, trial));
    auto record = make_trial(hunt, *search, trial);
    if (!record) {
      hunt.lines.end("could not be run");
      return record.error();
    }
    if (hunt.signal != 0) {
      hunt.lines.end("interrupted, not counted");
      return {};
    }
    hunt.lines.end(outcome_text(*record));
    search->records.push_back(std::move(*record));
    if (const auto saved = hunt.save(); !saved) {
      return saved.error();
    }
  }
}

int hunt_code(const Hunt& hunt) {
  if (hunt.signal != 0) {
    return kSignalExit + hunt.signal;
  }
  bool any_held = false;
  bool any_server = false;
  for (const auto& search : hunt.question.state.searches) {
    const auto knee = search.knee();
    any_held |= knee.held.has_value();
    any_server |= knee.failed && !knee.by_generator && !knee.impossible;
  }
  if (any_held) {
    return 0;
  }
  return static_cast<int>(any_server ? ExitCode::kThreshold : ExitCode::kNotValid);
}

Result<void> show(const Hunt& hunt) {
  const auto& format = hunt.arguments.format;
  if (format == "text") {
    return write_all(
        hunt.streams.out,
        capacity_text(hunt.question.state,
                      hunt.budget_ended ? std::optional(hunt.question.budget) : std::nullopt),
        "standard output");
  }
  const std::string json = study::to_json(hunt.question.state);
  return write_all(hunt.streams.out, format == "html" ? study_page("capacity", json) : json,
                   "standard output");
}

}  // namespace

int capacity_command(const CapacityArguments& arguments, const Streams& streams) {
  auto question = read_question(arguments);
  if (!question) {
    return fail(question.error(), streams);
  }
  const auto directory = open_directory(*question, arguments);
  if (!directory) {
    return fail(directory.error(), streams);
  }
  std::error_code ec;
  fs::create_directories(*directory + "/trials", ec);
  raise_descriptor_limit();
  Hunt hunt{arguments, streams, *question, *directory, CellLines(streams.err, arguments.run.quiet)};
  auto ended = hunt.save();
  ended = ended ? hunt_down(hunt) : ended;
  const auto shown = show(hunt);
  if (!ended) {
    const int code = fail(ended.error(), streams);
    say(streams.err, fmt::format("kept: what was found so far, in {}; the same command with --out "
                                 "{} goes on\n",
                                 hunt.state_file(), hunt.directory));
    return code;
  }
  if (!shown) {
    return fail(shown.error(), streams);
  }
  say(streams.err, fmt::format("written: {}\n", hunt.state_file()));
  return hunt_code(hunt);
}

}  // namespace pushbench::app
