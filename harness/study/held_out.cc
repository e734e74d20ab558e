#include "harness/study/held_out.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace pushbench::study {
namespace {

std::optional<Foretold> foretold(const std::optional<double>& measured, double predicted) {
  const bool known = measured && *measured > 0 && predicted > 0;
  return known ? std::optional(Foretold{*measured, predicted}) : std::nullopt;
}

HeldOut hold_against(const FamilyCost& cost, const Observation& point) {
  const Load& load = point.asked;
  // Events are as long as they are: that is no matter of costs.
  const double payload = point.payload_bytes_per_s / point.deliveries_per_s * load.deliveries_per_s;
  return {point.cell,
          {point.cores, cost.cores(load)},
          foretold(point.memory_bytes, cost.memory_bytes(load)),
          foretold(point.kernel_growth_bytes, cost.kernel_bytes(load)),
          foretold(point.bytes_per_s(), cost.overhead_bytes_per_s(load) + payload)};
}

using Repeats = std::vector<const Observation*>;

double mean_of(const Repeats& repeats, double Observation::*figure) {
  double sum = 0;
  for (const auto* one : repeats) {
    sum += one->*figure;
  }
  return sum / static_cast<double>(repeats.size());
}

std::optional<double> mean_of(const Repeats& repeats, std::optional<double> Observation::*figure) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto* one : repeats) {
    if (one->*figure) {
      sum += *(one->*figure);
      ++count;
    }
  }
  return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
}

Observation mean_of(const Repeats& repeats) {
  Observation out = *repeats.front();
  for (const auto figure :
       {&Observation::cores, &Observation::deliveries_per_s, &Observation::overhead_up_bytes_per_s,
        &Observation::overhead_down_bytes_per_s, &Observation::payload_bytes_per_s}) {
    out.*figure = mean_of(repeats, figure);
  }
  out.memory_bytes = mean_of(repeats, &Observation::memory_bytes);
  out.kernel_growth_bytes = mean_of(repeats, &Observation::kernel_growth_bytes);
  return out;
}

bool same_load(const Observation& a, const Observation& b) {
  return a.clients == b.clients && a.asked == b.asked;
}

}  // namespace

std::vector<HeldOut> hold_out(const FamilyCost& cost, const std::vector<const Observation*>& all) {
  std::vector<Repeats> loads;
  for (const auto* point : all) {
    if (!point->held_out) {
      continue;
    }
    const auto same = std::find_if(loads.begin(), loads.end(), [&](const Repeats& repeats) {
      return same_load(*repeats.front(), *point);
    });
    if (same != loads.end()) {
      same->push_back(point);
    } else if (loads.size() < kMostHeldOut) {
      loads.push_back({point});
    }
  }
  std::sort(loads.begin(), loads.end(), [](const Repeats& a, const Repeats& b) {
    return std::pair(a.front()->clients, a.front()->asked.deliveries_per_s) <
           std::pair(b.front()->clients, b.front()->asked.deliveries_per_s);
  });
  std::vector<HeldOut> out;
  for (const auto& repeats : loads) {
    out.push_back(hold_against(cost, mean_of(repeats)));
  }
  return out;
}

}  // namespace pushbench::study
