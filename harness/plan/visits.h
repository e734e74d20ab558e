// Who is connected when. A visit is the stay of one client: it comes, subscribes, and leaves. With
// a fixed number of clients each makes one visit, from the ramp to the end. Under a profile of
// their number one more comes whenever the curve, rounded, rises by one, and whenever it falls by
// one the one leaves that has been there longest. So those present are always neighbours in the
// order of coming, which spreads them evenly over the topics.
//
// What a visit owes: the events of its topics that fall due while it is there, but for a settling
// time at each end that is not the ramp's or the cell's own. In it the client is still subscribing,
// or might leave with an event on its way; nobody could tell whether one that is missing was lost.
// Pure, and the same wherever it is asked.
#pragma once

#include "harness/plan/scenario.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace pushbench::plan {

// Offsets from the start of publishing.
struct Visit {
  Nanos from = Nanos::min();   // there since the ramp
  Nanos until = Nanos::max();  // stays to the end
};

// In the order of coming, which is that of leaving.
std::vector<Visit> visits_of(const Scenario& scenario);
// The same, but empty without a profile: nobody comes or goes.
std::vector<Visit> changing_visits(const Scenario& scenario);
// How many there are, without listing them.
double count_visits(const Scenario& scenario);
// Clients that are there when publishing begins.
std::uint32_t clients_at_start(const Scenario& scenario);

// The part of `visit` in which it owes deliveries, for a cell whose settling time this is; empty
// (until <= from) when the visit is too short.
Visit owing_part(const Visit& visit, Nanos settling);

// How many subscriptions each topic has that owe an event, as time goes on.
class Audience {
 public:
  Audience(const Scenario& scenario, const StrategySpec& cell);
  // REQUIRES: never falling.
  void go_on_to(Nanos due);
  std::uint64_t of(std::uint32_t topic) const { return by_topic_[topic]; }

 private:
  void change(std::size_t visit, std::int64_t by);

  const Scenario& scenario_;
  std::vector<Visit> visits_;  // what they owe
  std::vector<std::uint64_t> by_topic_;
  std::size_t came_ = 0, left_ = 0;
};

// Ordinals of a subscription's topic that it owes.
struct Owed {
  std::uint64_t first = 0;
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
  bool holds(std::uint64_t ordinal) const noexcept { return ordinal >= first && ordinal < end; }
};
// Of each visit, one for each of its topics; the measure phase alone counts. Empty without a
// profile: then everybody owes everything. Walks through the plan.
std::vector<Owed> owed_ordinals(const Scenario& scenario, const StrategySpec& cell);

}  // namespace pushbench::plan
