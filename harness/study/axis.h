// Loads that can be varied: a key of the scenario, how it is written, and between which ends. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"
#include "harness/study/knee_search.h"

#include <optional>
#include <string>
#include <string_view>

namespace pushbench::study {

struct Axis {
  std::string_view name;  // as scenarios have it: "clients", "events.rate", "payload"
  std::string_view unit;  // for people
  double least, most;
  bool whole;
  double (*read)(const plan::Scenario&);
  // What replaces the scenario's own value.
  void (*write)(const plan::Scenario& base, double value, plan::Overrides& to);
};

// What is raised, or fitted, must be one value: a load that changes over time is refused.
Result<void> check_steady(const plan::Scenario& scenario, std::string_view command);

// Failure: names the nearest.
Result<const Axis*> find_axis(const std::string& option, std::string_view name);

// "12,400 clients", "5,210 events/s", "2.00 kB".
std::string load_text(const Axis& axis, double value);

SearchOptions search_over(const Axis& axis, double start);

// Long enough that a trial has the events which the percentiles among its thresholds need (a
// Poisson count, with three standard deviations to spare). nullopt: that is beyond `longest`.
std::optional<plan::Nanos> measure_needed(const plan::Scenario& scenario, plan::Nanos longest);

}  // namespace pushbench::study
