#include "harness/swarm/run.h"

#include "harness/base/text.h"
#include "harness/result/validity.h"
#include "harness/swarm/cell_runner.h"
#include "harness/swarm/floor.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <exception>
#include <functional>
#include <utility>

namespace pushbench::swarm {
namespace {

// The first signal interrupts the cell in hand; the second has its default effect and ends the
// process at once, whatever it is waiting for.
class Signals {
 public:
  Signals(asio::io_context& context, std::function<void()> on_signal)
      : set_(context, SIGINT, SIGTERM), on_signal_(std::move(on_signal)) {
    set_.async_wait([this](const error_code& ec, int number) {
      if (ec) {
        return;
      }
      caught_ = number;
      error_code ignored;
      set_.clear(ignored);
      if (on_signal_) {
        on_signal_();
      }
      if (runner_ != nullptr) {
        runner_->interrupt();
      }
    });
  }
  int caught() const noexcept { return caught_; }
  void watch(CellRunner* runner) noexcept { runner_ = runner; }
  void cancel() { set_.cancel(); }

 private:
  asio::signal_set set_;
  std::function<void()> on_signal_;
  CellRunner* runner_ = nullptr;
  int caught_ = 0;
};

// Lets a signal through that came while the thread was not in the context.
void take_signals(asio::io_context& context) {
  context.restart();
  context.poll();
}

void run_cell(asio::io_context& context, CellRunner& runner, Signals& signals) {
  std::exception_ptr thrown;
  bool done = false;
  signals.watch(&runner);
  asio::co_spawn(context, runner.run(), [&](const std::exception_ptr& error) {
    thrown = error;
    done = true;
  });
  context.restart();
  while (!done) {
    context.run_one();
  }
  signals.watch(nullptr);
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

Nanos planned_time(const plan::Scenario& scenario,
                   const std::vector<std::size_t>& order,
                   std::size_t from) {
  Nanos sum{};
  for (std::size_t i = from; i < order.size(); ++i) {
    sum += scenario.cell_time(scenario.strategies[order[i]]);
  }
  return sum;
}

result::RunResult describe(const plan::Scenario& scenario,
                           const RunOptions& options,
                           const Machine& machine) {
  result::RunResult run;
  run.tool_version = options.tool_version;
  run.tool_commit = options.tool_commit;
  run.tool_build = options.tool_build;
  run.command = options.command;
  run.started_utc = utc_now_iso();
  run.scenario = scenario;
  run.server = options.server_name;
  run.environment = environment_of(machine);
  run.environment.emplace("pinned", options.pin ? "yes" : "no");
  run.environment.emplace("audit", options.audit ? "on" : "off");
  if (options.server_metrics) {
    run.environment.emplace("server_cost_from", printable(options.server_metrics->url));
  }
  if (!options.audit) {
    run.caveats.push_back(
        {.id = "not-audited",
         .severity = result::Verdict::kSuspect,
         .cell = "",
         .text = "deliveries were counted and not audited: losses and latency are not known",
         .remedy = "run without --audit off"});
  }
  return run;
}

// Cells may differ, so a key holds every value that was seen.
void note_environment(result::RunResult& run, const std::map<std::string, std::string>& found) {
  for (const auto& [key, value] : found) {
    const auto [at, added] = run.environment.emplace(key, value);
    if (!added && at->second.find(value) == std::string::npos) {
      at->second += ", " + value;
    }
  }
}

void note_failure(result::RunResult& run, const std::string& cell, const Failure& failure) {
  run.caveats.push_back({.id = "cell-did-not-run",
                         .severity = result::Verdict::kInvalid,
                         .cell = cell,
                         .text = failure.text,
                         .remedy = "mend the cause and run again; the cells before it are kept"});
  run.partial = true;
}

}  // namespace

std::vector<std::size_t> cell_order(std::size_t cells, std::uint32_t repeat) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < cells; ++i) {
    order.push_back((i + repeat) % cells);
  }
  return order;
}

Result<RunOutcome> run(const plan::Scenario& scenario, const RunOptions& options) {
  const Machine machine = read_machine();
  RunOutcome outcome{.result = describe(scenario, options, machine)};
  asio::io_context context(1);
  Signals signals(context, options.on_signal);
  if (options.measure_floor) {
    outcome.result.floor = measure_floor(options.pin);
  }
  std::vector<std::size_t> order;
  for (std::uint32_t repeat = 0; repeat < scenario.repeats; ++repeat) {
    const auto round = cell_order(scenario.strategies.size(), repeat);
    order.insert(order.end(), round.begin(), round.end());
  }
  const TimePoint start = steady_now();
  for (std::size_t i = 0; i < order.size(); ++i) {
    take_signals(context);
    if (signals.caught() != 0) {
      break;
    }
    const CellRunner::Place place{
        .number = i,
        .cells = order.size(),
        .repeat = static_cast<std::uint32_t>(i / scenario.strategies.size()),
        .run_start = start,
        .later_cells = planned_time(scenario, order, i + 1)};
    CellRunner runner(context, scenario, scenario.strategies[order[i]], options, machine, place);
    run_cell(context, runner, signals);
    auto& caveats = runner.caveats();
    outcome.result.caveats.insert(outcome.result.caveats.end(), caveats.begin(), caveats.end());
    take_signals(context);
    if (runner.failure()) {
      if (outcome.result.cells.empty() && signals.caught() == 0) {
        return *runner.failure();
      }
      note_failure(outcome.result, runner.result().label(), *runner.failure());
      break;
    }
    note_environment(outcome.result, runner.in_force());
    outcome.result.cells.push_back(std::move(runner.result()));
  }
  signals.cancel();
  outcome.signal = signals.caught();
  outcome.result.partial |= outcome.signal != 0;
  result::judge_validity(outcome.result);
  return outcome;
}

}  // namespace pushbench::swarm
