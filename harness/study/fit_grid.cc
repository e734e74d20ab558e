#include "harness/study/fit_grid.h"

#include "harness/base/random.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::study {
namespace {

// No second event and no second poll within any phase.
constexpr double kIdleRate = 1e-6;  // per second
constexpr plan::Nanos kIdleInterval{std::chrono::hours(1'000)};

}  // namespace

std::string rate_text(double per_second) {
  constexpr double kSlow = 0.01;
  return per_second < kSlow ? fmt::format("{:.9f}/h", per_second * 3600)
                            : fmt::format("{:.9f}/s", per_second);
}

std::vector<GridCell> cells_of_pass(std::size_t strategies,
                                    std::uint64_t seed,
                                    std::uint32_t pass) {
  std::vector<GridCell> out;
  for (const auto& point : kFitGrid) {
    for (std::size_t i = 0; i < strategies; ++i) {
      out.push_back({point, i});
    }
  }
  Random(seed, pass).shuffle(out);
  return out;
}

plan::Overrides overrides_at(const plan::Scenario& scenario,
                             const GridPoint& point,
                             const plan::Overrides& given) {
  plan::Overrides out = given;
  const auto clients =
      static_cast<std::uint32_t>(std::max(1.0, std::round(scenario.clients * point.clients)));
  double rate = scenario.events.rate_per_s * (point.idle() ? 1 : point.rate);
  if (scenario.topics == scenario.clients) {
    out.topics = std::to_string(clients);
    rate *= static_cast<double>(clients) / scenario.clients;
  }
  out.clients = std::to_string(clients);
  if (scenario.events.arrival != plan::Arrival::kTrace) {
    out.rate = rate_text(rate);
  }
  return out;
}

void stretch_polls(plan::Scenario& scenario, double interval) {
  for (auto& cell : scenario.strategies) {
    if (cell.strategy == "polling") {
      cell.interval =
          plan::Nanos(std::llround(static_cast<double>(cell.interval.count()) * interval));
    }
  }
}

void make_idle(plan::Scenario& scenario) {
  scenario.events.arrival = plan::Arrival::kConstant;
  scenario.events.rate_per_s = kIdleRate;
  scenario.phases.warmup = std::max(scenario.phases.warmup, kIdleWarmup);
  for (auto& cell : scenario.strategies) {
    if (cell.strategy == "polling") {
      cell.interval = kIdleInterval;
    }
  }
}

}  // namespace pushbench::study
