#include "harness/study/axis.h"

#include "harness/base/nanos.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/result/thresholds.h"
#include "harness/stats/interval.h"
#include "harness/study/fit_grid.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::study {
namespace {

double clients_of(const plan::Scenario& scenario) {
  return scenario.clients;
}
void set_clients(const plan::Scenario& base, double value, plan::Overrides& to) {
  to = overrides_at(base, {value / base.clients, 1, 1, false}, to);
}

double rate_of_events(const plan::Scenario& scenario) {
  return scenario.events.rate_per_s;
}
void set_rate(const plan::Scenario& /*base*/, double value, plan::Overrides& to) {
  to.rate = rate_text(value);
}

double payload_of(const plan::Scenario& scenario) {
  return scenario.events.payload.size;
}
void set_payload(const plan::Scenario& /*base*/, double value, plan::Overrides& to) {
  to.payload = fmt::format("{:.0f}B", value);
}

constexpr std::array<Axis, 3> kAxes{{
    {"clients", "clients", 1, 1e6, true, clients_of, set_clients},
    {"events.rate", "events/s", 0.01, 1e6, false, rate_of_events, set_rate},
    {"payload", "bytes", plan::kMinPayload, 1024.0 * 1024, true, payload_of, set_payload},
}};

// Independent draws that the thresholds' percentiles need.
std::uint64_t draws_needed(const plan::Scenario& scenario) {
  std::uint64_t most = 0;
  for (const auto& threshold : scenario.thresholds) {
    const auto* metric = result::find_threshold_metric(threshold.metric);
    if (metric != nullptr && metric->quantile > 0) {
      most = std::max(most, stats::samples_needed(metric->quantile));
    }
  }
  return most;
}

}  // namespace

Result<void> check_steady(const plan::Scenario& scenario, std::string_view command) {
  const bool rate = scenario.events.profile != nullptr;
  if (!rate && !scenario.clients_profile) {
    return {};
  }
  return usage(fmt::format(
      "{}: {} of {} change{} over time, and {} needs a load that stands still; give one value: {}",
      command, rate ? "the event rate" : "the clients", scenario.name, rate ? "s" : "", command,
      rate ? "--rate 100/s" : "--clients 1000"));
}

Result<const Axis*> find_axis(const std::string& option, std::string_view name) {
  std::array<std::string_view, kAxes.size()> names;
  for (std::size_t i = 0; i < kAxes.size(); ++i) {
    names.at(i) = kAxes.at(i).name;
    if (kAxes.at(i).name == name) {
      return &kAxes.at(i);
    }
  }
  return usage(fmt::format("{}: expected one of {}, got '{}'{}", option, fmt::join(names, ", "),
                           printable(name), did_you_mean(name, names)));
}

std::string load_text(const Axis& axis, double value) {
  if (axis.unit == "bytes") {
    return human_bytes(value);
  }
  return human_count(value) + " " + std::string(axis.unit);
}

SearchOptions search_over(const Axis& axis, double start) {
  SearchOptions options;
  options.start = start;
  options.least = axis.least;
  options.most = axis.most;
  options.whole = axis.whole;
  return options;
}

std::optional<plan::Nanos> measure_needed(const plan::Scenario& scenario, plan::Nanos longest) {
  const auto draws = static_cast<double>(draws_needed(scenario));
  const double events = draws > 0 ? draws + 3 * std::sqrt(draws) : 0;
  const double seconds = events / scenario.events.rate_per_s;
  if (seconds > pushbench::seconds_of(longest) && seconds > seconds_of(scenario.phases.measure)) {
    return std::nullopt;
  }
  return std::max(scenario.phases.measure, nanos_of(std::ceil(seconds * 10) / 10));
}

}  // namespace pushbench::study
