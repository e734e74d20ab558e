#include "harness/app/capacity_question.h"

#include "harness/app/run_setup.h"
#include "harness/base/text.h"
#include "harness/model/predict.h"
#include "harness/plan/threshold.h"
#include "harness/plan/units.h"
#include "harness/result/metrics.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::app {
namespace {

struct WaitRow {
  std::string_view metric;
  double model::Latency::*wait;
};
constexpr std::array<WaitRow, 4> kWaits{{{"latency_mean_ns", &model::Latency::mean_s},
                                         {"latency_p50_ns", &model::Latency::p50_s},
                                         {"latency_p99_ns", &model::Latency::p99_s},
                                         {"latency_max_ns", &model::Latency::max_s}}};

bool is_upper(const plan::Threshold& threshold) {
  return threshold.op == plan::Threshold::Op::kLess ||
         threshold.op == plan::Threshold::Op::kLessEqual;
}

// A bound that no value satisfies together with another.
Result<void> refuse_contradictions(const plan::Scenario& scenario) {
  using Op = plan::Threshold::Op;
  for (const auto& upper : scenario.thresholds) {
    for (const auto& lower : scenario.thresholds) {
      const bool below = lower.op == Op::kGreater || lower.op == Op::kGreaterEqual;
      if (is_upper(upper) && below && lower.limit >= upper.limit &&
          result::find_threshold_metric(upper.metric) ==
              result::find_threshold_metric(lower.metric)) {
        return usage(fmt::format("--slo: '{}' and '{}' cannot both hold", printable(upper.text),
                                 printable(lower.text)));
      }
    }
    if (upper.op == Op::kLess && upper.limit <= 0) {
      return usage(
          fmt::format("--slo: nothing is below zero, so '{}' never holds", printable(upper.text)));
    }
  }
  return {};
}

Result<std::vector<const study::Axis*>> read_axes(const CapacityArguments& arguments,
                                                  const plan::Scenario& scenario) {
  if (const auto steady = study::check_steady(scenario, "capacity"); !steady) {
    return steady.error();
  }
  std::vector<const study::Axis*> axes;
  for (const auto& name : arguments.over) {
    const auto axis = study::find_axis("--over", name);
    if (!axis) {
      return axis.error();
    }
    if (std::find(axes.begin(), axes.end(), *axis) != axes.end()) {
      return usage(fmt::format("--over: {} comes twice", name));
    }
    if (name == "events.rate" && scenario.events.arrival == plan::Arrival::kTrace) {
      return usage("--over: the rate of a trace is that of its file; use another arrival");
    }
    if (name == "payload" && scenario.events.payload.kind != plan::PayloadSpec::Kind::kFixed) {
      return usage("--over: only a payload of one fixed size can be varied");
    }
    axes.push_back(*axis);
  }
  if (axes.empty() || axes.size() > 2) {
    return usage(
        "--over: name one axis or two, such as --over clients or --over clients --over "
        "events.rate");
  }
  return axes;
}

Result<void> check_budget(Question& question, const std::string& text) {
  const auto budget = plan::parse_duration(text);
  if (!budget) {
    return usage(
        fmt::format("--budget: expected {}, got '{}'", budget.error().text, printable(text)));
  }
  question.budget = *budget;
  Nanos longest{};
  for (const auto& cell : question.base.strategies) {
    longest = std::max(longest, question.base.cell_time(cell));
  }
  if (question.budget < longest) {
    return usage(
        fmt::format("--budget: one trial alone takes {}; give more, or shorter phases (--measure)",
                    human_duration(longest)));
  }
  return {};
}

void begin_searches(Question& question, const CapacityArguments& arguments) {
  auto& state = question.state;
  state.scenario = question.base.name;
  state.workload = question.base.hash();
  for (const auto& bound : question.base.thresholds) {
    state.slos.push_back(bound.text);
  }
  state.axes = arguments.over;
  for (const auto& cell : question.base.strategies) {
    const std::string why = hopeless(question.base, cell);
    if (why.empty()) {
      state.searches.push_back({cell.cell_name(),
                                arguments.over.front(),
                                question.axes.front()->read(question.base),
                                "",
                                0,
                                {}});
    } else {
      state.skipped.push_back({cell.cell_name(), why});
    }
  }
}

}  // namespace

Result<plan::Scenario> with_bounds(plan::Scenario scenario, const std::vector<std::string>& slos) {
  if (!slos.empty()) {
    scenario.thresholds.clear();
  }
  for (const auto& slo : slos) {
    const auto threshold = plan::parse_threshold(slo);
    if (!threshold) {
      return usage("--slo: " + threshold.error().text);
    }
    scenario.thresholds.push_back(*threshold);
  }
  if (scenario.thresholds.empty()) {
    return usage(
        "capacity: without a bound every load holds; give one such as --slo 'latency.p99 < 50ms'");
  }
  scenario.origin = slos.empty() ? scenario.origin : "--slo";
  const auto known = result::check_thresholds(scenario);
  if (!known) {
    return known.error();
  }
  const auto fine = refuse_contradictions(scenario);
  return fine ? Result<plan::Scenario>(std::move(scenario)) : Result<plan::Scenario>(fine.error());
}

std::string hopeless(const plan::Scenario& scenario, const plan::StrategySpec& cell) {
  if (cell.polls_at_once()) {
    return "";
  }
  const auto latency = model::predict(scenario, cell).latency;
  for (const auto& threshold : scenario.thresholds) {
    const auto* metric = result::find_threshold_metric(threshold.metric);
    for (const auto& row : kWaits) {
      if (metric == nullptr || metric->name != row.metric || !is_upper(threshold)) {
        continue;
      }
      const double wait = latency.*row.wait * 1e9;
      if (wait >= threshold.limit) {
        return fmt::format("{} is {} by its closed form at any load, so '{}' never holds",
                           threshold.metric, human_duration(Nanos(std::llround(wait))),
                           threshold.text);
      }
    }
  }
  return "";
}

Result<Question> read_question(const CapacityArguments& arguments) {
  if (const auto fine = check_server_command(arguments.run); !fine) {
    return fine.error();
  }
  Question question;
  auto loaded = load_named_scenario(arguments.scenario, arguments.run.overrides);
  if (!loaded) {
    return loaded.error();
  }
  loaded->repeats = 1;
  auto base = with_bounds(std::move(*loaded), arguments.slo);
  if (!base) {
    return base.error();
  }
  question.base = std::move(*base);
  const auto axes = read_axes(arguments, question.base);
  if (!axes) {
    return axes.error();
  }
  question.axes = *axes;
  if (const auto fine = check_budget(question, arguments.budget); !fine) {
    return fine.error();
  }
  begin_searches(question, arguments);
  if (question.state.searches.empty()) {
    std::vector<std::string> reasons;
    for (const auto& one : question.state.skipped) {
      reasons.push_back(fmt::format("{}: {}", one.cell, one.why));
    }
    return usage(
        fmt::format("capacity: no strategy can keep these bounds: {}", fmt::join(reasons, "; ")));
  }
  return question;
}

Result<plan::Scenario> trial_scenario(const Question& question,
                                      const CapacityArguments& arguments,
                                      const study::Search& search,
                                      double load) {
  plan::Overrides overrides = arguments.run.overrides;
  for (const auto* axis : question.axes) {
    if (axis->name == search.fixed_axis) {
      axis->write(question.base, search.fixed, overrides);
    }
  }
  for (const auto* axis : question.axes) {
    if (axis->name == search.axis) {
      axis->write(question.base, load, overrides);
    }
  }
  auto scenario = load_named_scenario(arguments.scenario, overrides);
  if (!scenario) {
    return scenario.error();
  }
  scenario->thresholds = question.base.thresholds;
  scenario->repeats = 1;
  std::erase_if(scenario->strategies,
                [&](const plan::StrategySpec& cell) { return cell.cell_name() != search.cell; });
  if (scenario->strategies.empty()) {
    return usage(search.cell + " is no cell of the scenario any more");
  }
  const auto measure = study::measure_needed(*scenario, kLongestTrial);
  if (!measure) {
    return usage(fmt::format(
        "at {} events/s a percentile among the bounds needs more than {} to be measured",
        human_count(scenario->events.rate_per_s), human_duration(kLongestTrial)));
  }
  scenario->phases.measure = *measure;
  return scenario;
}

Result<void> resume(Question& question, study::CapacityState found, const std::string& place) {
  const auto& asked = question.state;
  if (found.workload != asked.workload || found.slos != asked.slos || found.axes != asked.axes) {
    return usage(fmt::format(
        "--out: {} holds the search for another question (scenario {}, {}, over {}); choose "
        "another directory",
        printable(place), printable(found.scenario),
        printable(fmt::format("{}", fmt::join(found.slos, ", "))), fmt::join(found.axes, ", ")));
  }
  std::vector<std::string> cells;
  for (const auto& search : asked.searches) {
    cells.push_back(search.cell);
  }
  for (const auto& search : found.searches) {
    if (std::find(cells.begin(), cells.end(), search.cell) == cells.end()) {
      return usage(fmt::format("--out: {} holds a search for {}, which is not asked for now",
                               printable(place), printable(search.cell)));
    }
    std::erase_if(question.state.searches,
                  [&](const study::Search& fresh) { return fresh.cell == search.cell; });
  }
  for (auto& search : question.state.searches) {
    found.searches.push_back(std::move(search));
  }
  found.skipped = std::move(question.state.skipped);
  question.state = std::move(found);
  return {};
}

}  // namespace pushbench::app
