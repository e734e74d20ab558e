#include "harness/plan/visits.h"

#include "harness/base/nanos.h"
#include "harness/plan/event_plan.h"

#include <algorithm>
#include <cmath>

namespace pushbench::plan {
namespace {

constexpr double kJustBefore = 1e-9;  // s: on the same side of an edge

std::int64_t rounded(const Curve& curve, double s) {
  return std::llround(curve.at(s));
}

// Between two edges: no jump, and one direction.
struct Stretch {
  double begin = 0, end = 0;         // s
  std::int64_t first = 0, last = 0;  // clients just behind its begin, just before its end
};

std::vector<Stretch> stretches_of(const Curve& curve, double until) {
  std::vector<double> edges = curve.edges(until);
  edges.push_back(until);
  std::vector<Stretch> out;
  double begin = 0;
  for (const double end : edges) {
    out.push_back({.begin = begin,
                   .end = end,
                   .first = rounded(curve, begin),
                   .last = rounded(curve, std::max(begin, end - kJustBefore))});
    begin = end;
  }
  return out;
}

// When the curve passes `value` within the stretch.
double crossing(const Curve& curve, const Stretch& stretch, double value) {
  const bool rising = stretch.last > stretch.first;
  double low = stretch.begin;
  double high = stretch.end;
  while (high - low > kJustBefore) {
    const double middle = (low + high) / 2;
    ((curve.at(middle) < value) == rising ? low : high) = middle;
  }
  return high;
}

// One more or one less, again and again, in time's order.
template <class Function>
void for_each_change(const Curve& curve, double until, Function&& function) {
  const auto stretches = stretches_of(curve, until);
  std::int64_t now = stretches.front().first;
  for (const auto& stretch : stretches) {
    for (; now != stretch.first; now += now < stretch.first ? 1 : -1) {
      function(nanos_of(stretch.begin), now < stretch.first);
    }
    for (; now != stretch.last; now += now < stretch.last ? 1 : -1) {
      const bool more = now < stretch.last;
      const double value = static_cast<double>(now) + (more ? 0.5 : -0.5);
      function(nanos_of(crossing(curve, stretch, value)), more);
    }
  }
}

double publishing_ends(const Scenario& scenario) {
  return pushbench::seconds_of(scenario.phases.warmup + scenario.phases.measure);
}

Curve curve_of(const Scenario& scenario) {
  return {*scenario.clients_profile, scenario.phases.warmup};
}

std::vector<Visit> owing_visits(const Scenario& scenario, const StrategySpec& cell) {
  const Nanos settling = scenario.settling_of(cell);
  std::vector<Visit> visits = visits_of(scenario);
  for (auto& visit : visits) {
    visit = owing_part(visit, settling);
  }
  return visits;
}

}  // namespace

std::uint32_t clients_at_start(const Scenario& scenario) {
  return scenario.clients_profile ? static_cast<std::uint32_t>(rounded(curve_of(scenario), 0))
                                  : scenario.clients;
}

double count_visits(const Scenario& scenario) {
  if (!scenario.clients_profile) {
    return scenario.clients;
  }
  const auto stretches = stretches_of(curve_of(scenario), publishing_ends(scenario));
  std::int64_t now = stretches.front().first;
  auto visits = static_cast<double>(now);
  for (const auto& stretch : stretches) {
    for (const std::int64_t next : {stretch.first, stretch.last}) {
      visits += static_cast<double>(std::max<std::int64_t>(0, next - now));
      now = next;
    }
  }
  return visits;
}

std::vector<Visit> visits_of(const Scenario& scenario) {
  std::vector<Visit> visits(clients_at_start(scenario));
  if (!scenario.clients_profile) {
    return visits;
  }
  std::size_t left = 0;
  for_each_change(curve_of(scenario), publishing_ends(scenario), [&](Nanos at, bool more) {
    if (more) {
      visits.push_back({.from = at});
    } else {
      visits[left++].until = at;
    }
  });
  return visits;
}

std::vector<Visit> changing_visits(const Scenario& scenario) {
  return scenario.clients_profile ? visits_of(scenario) : std::vector<Visit>();
}

Visit owing_part(const Visit& visit, Nanos settling) {
  Visit part = visit;
  if (part.from != Nanos::min()) {
    part.from += settling;
  }
  if (part.until != Nanos::max()) {
    part.until = std::max(part.from, part.until - settling);
  }
  return part;
}

Audience::Audience(const Scenario& scenario, const StrategySpec& cell)
    : scenario_(scenario), visits_(owing_visits(scenario, cell)), by_topic_(scenario.topics, 0) {}

void Audience::change(std::size_t visit, std::int64_t by) {
  const Visit& is = visits_[visit];
  if (is.until <= is.from) {
    return;
  }
  for (std::uint32_t j = 0; j < scenario_.topics_per_client; ++j) {
    auto& subscribers = by_topic_[scenario_.topic_of(static_cast<std::uint32_t>(visit), j)];
    subscribers = static_cast<std::uint64_t>(static_cast<std::int64_t>(subscribers) + by);
  }
}

void Audience::go_on_to(Nanos due) {
  while (came_ < visits_.size() && visits_[came_].from <= due) {
    change(came_++, 1);
  }
  while (left_ < came_ && visits_[left_].until <= due) {
    change(left_++, -1);
  }
}

std::vector<Owed> owed_ordinals(const Scenario& scenario, const StrategySpec& cell) {
  if (!scenario.clients_profile) {
    return {};
  }
  const std::vector<Visit> visits = owing_visits(scenario, cell);
  const std::size_t each = scenario.topics_per_client;
  std::vector<Owed> owed(visits.size() * each);
  std::vector<std::uint64_t> ordinals(scenario.topics, 0);  // that fell due so far
  std::size_t came = 0;
  std::size_t left = 0;
  const auto note = [&](std::size_t visit, std::uint64_t Owed::*member) {
    for (std::uint32_t j = 0; j < each; ++j) {
      owed[visit * each + j].*member =
          ordinals[scenario.topic_of(static_cast<std::uint32_t>(visit), j)];
    }
  };
  const auto go_on_to = [&](Nanos due) {
    for (; came < visits.size() && visits[came].from <= due; ++came) {
      note(came, &Owed::first);
    }
    for (; left < visits.size() && visits[left].until <= due; ++left) {
      note(left, &Owed::end);
    }
  };
  EventPlan events(scenario);
  while (const auto event = events.next()) {
    go_on_to(event->due);
    ordinals[event->topic] = event->ordinal + 1;
  }
  go_on_to(Nanos::max() - Nanos(1));
  return owed;
}

}  // namespace pushbench::plan
