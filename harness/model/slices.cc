#include "harness/model/slices.h"

#include "harness/plan/profile.h"
#include "harness/plan/units.h"
#include "harness/plan/visits.h"

#include <algorithm>

namespace pushbench::model {
namespace {

// The closed forms divide by a rate; this one brings no event in a lifetime.
constexpr double kNextToNothing = 1e-9;  // per second

// Integral of a load over time from the start of publishing.
class Area {
 public:
  Area(const plan::Profile* profile, plan::Nanos lead, double steady) : steady_(steady) {
    if (profile != nullptr) {
      curve_.emplace(*profile, lead);
    }
  }
  double until(double s) const { return curve_ ? curve_->area(s) : steady_ * s; }

 private:
  std::optional<plan::Curve> curve_;
  double steady_;
};

}  // namespace

std::vector<Slice> slices_of(const plan::Scenario& scenario) {
  const auto& events = scenario.events;
  if (!events.profile && !scenario.clients_profile) {
    return {};
  }
  const plan::Nanos lead = scenario.phases.warmup;
  const Area rate(events.profile.get(), lead, events.rate_per_s);
  const Area clients(scenario.clients_profile.get(), lead, scenario.clients);
  const double length = plan::seconds_of(scenario.phases.measure) / kSlices;
  std::vector<Slice> out;
  for (int i = 0; i < kSlices; ++i) {
    const double begin = plan::seconds_of(lead) + i * length;
    const double end = begin + length;
    out.push_back(
        {.begin_s = begin,
         .length_s = length,
         .rate_per_s = std::max(kNextToNothing, (rate.until(end) - rate.until(begin)) / length),
         .before = rate.until(begin),
         .clients = (clients.until(end) - clients.until(begin)) / length});
  }
  return out;
}

double joining_clients(const plan::Scenario& scenario) {
  return plan::count_visits(scenario) - plan::clients_at_start(scenario);
}

}  // namespace pushbench::model
