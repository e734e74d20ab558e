#include "harness/app/trial_runner.h"

#include "harness/app/run_setup.h"
#include "harness/base/text.h"

#include <fmt/format.h>

#include <utility>

namespace pushbench::app {

Result<TrialRun> run_trial(const plan::Scenario& scenario,
                           const RunArguments& arguments,
                           const std::string& server_log,
                           Trial trial) {
  auto options = make_options(arguments, scenario);
  if (!options) {
    return options.error();
  }
  options->server_log = server_log;
  options->measure_floor = false;
  options->probe = trial == Trial::kCosts;
  options->busy_poll = trial != Trial::kLoad;
  auto outcome = run_and_judge(scenario, *options);
  if (!outcome) {
    return outcome.error();
  }
  return TrialRun{std::move(outcome->result), outcome->signal};
}

Result<void> can_make(const plan::Scenario& scenario, const RunArguments& arguments) {
  const auto loopback = spare_sources(arguments);
  return loopback ? refuse_shortages(scenario, *loopback) : Result<void>(loopback.error());
}

void CellLines::begin(std::size_t done, std::size_t cells, const std::string& what) {
  std::string left;
  if (done > 0 && cells > done) {
    left = fmt::format(", {} left", human_duration(elapsed() / done * (cells - done)));
  }
  say_begin(fmt::format("[{}/{}{}] {}", done + 1, cells, left, what));
}

void CellLines::say_begin(const std::string& line) {
  if (file_ != nullptr) {
    say(file_, line);
  }
}

void CellLines::end(const std::string& outcome) {
  if (file_ != nullptr) {
    say(file_, ": " + outcome + "\n");
  }
}

}  // namespace pushbench::app
