#include "harness/plan/visits.h"

#include "harness/plan/event_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;
using Shape = Profile::Shape;

Scenario with(const Profile& clients, std::uint32_t topics = 1) {
  Scenario scenario;
  scenario.clients_profile = std::make_shared<const Profile>(clients);
  scenario.clients = static_cast<std::uint32_t>(clients.highest());
  scenario.topics = topics;
  scenario.phases.warmup = 2s;
  scenario.phases.measure = 60s;
  scenario.events.rate_per_s = 50;
  return scenario;
}

Profile a_day() {
  return {.shape = Shape::kDaily, .low = 5, .high = 40, .period = Nanos(60s)};
}

std::int64_t present(const std::vector<Visit>& visits, Nanos at) {
  return std::count_if(visits.begin(), visits.end(),
                       [at](const Visit& v) { return v.from <= at && at < v.until; });
}

TEST(Visits, AFixedNumberComesOnceAndStays) {
  Scenario scenario;
  scenario.clients = 7;
  const auto visits = visits_of(scenario);
  ASSERT_EQ(visits.size(), 7U);
  EXPECT_EQ(visits[6].from, Nanos::min());
  EXPECT_EQ(visits[6].until, Nanos::max());
  EXPECT_EQ(clients_at_start(scenario), 7U);
  EXPECT_TRUE(changing_visits(scenario).empty());
  EXPECT_TRUE(owed_ordinals(scenario, {.strategy = "websocket"}).empty());
}

TEST(Visits, AsManyArePresentAsTheCurveSays) {
  const std::vector<Profile> profiles{
      a_day(),
      {.shape = Shape::kDaily, .low = 1, .high = 300, .period = Nanos(10s)},
      {.shape = Shape::kSteps, .steps = {{0s, 10}, {20s, 50}, {40s, 3}}},
      {.shape = Shape::kRamp, .from = 1, .to = 200, .over = Nanos(30s)}};
  for (const auto& profile : profiles) {
    const Scenario scenario = with(profile);
    const auto visits = visits_of(scenario);
    const Curve curve(profile, scenario.phases.warmup);
    EXPECT_EQ(visits.size(), static_cast<std::size_t>(count_visits(scenario)));
    EXPECT_EQ(present(visits, 0s), clients_at_start(scenario));
    for (Nanos at = 0s; at < 62s; at += 37ms) {
      const double value = curve.at(seconds_of(at));
      const bool on_the_brink = std::abs(value - std::floor(value) - 0.5) < 1e-4;
      if (!on_the_brink) {
        ASSERT_EQ(present(visits, at), std::llround(value)) << seconds_of(at);
      }
    }
  }
}

TEST(Visits, WhoCameFirstLeavesFirst) {
  const auto visits = visits_of(with(a_day()));
  for (std::size_t i = 1; i < visits.size(); ++i) {
    EXPECT_LE(visits[i - 1].from, visits[i].from);
    EXPECT_LE(visits[i - 1].until, visits[i].until);
  }
}

TEST(Visits, OweButWhatFallsDueWhileTheySettle) {
  const Visit all = owing_part({}, 1s);
  EXPECT_EQ(all.from, Nanos::min());
  EXPECT_EQ(all.until, Nanos::max());
  const Visit some = owing_part({.from = 10s, .until = 20s}, 1s);
  EXPECT_EQ(some.from, 11s);
  EXPECT_EQ(some.until, 19s);
  const Visit none = owing_part({.from = 10s, .until = 11s}, 1s);
  EXPECT_EQ(none.from, none.until);
}

// The two ways to the same figure: topics' subscribers over time, and the ordinals of each visit.
TEST(Visits, AudienceAndOrdinalsOweTheSame) {
  Scenario scenario = with(a_day(), 5);
  scenario.topics_per_client = 2;
  const StrategySpec cell{.strategy = "polling", .interval = 3s};
  Audience audience(scenario, cell);
  std::map<std::uint32_t, std::vector<Owed>> by_topic;
  const auto owed = owed_ordinals(scenario, cell);
  for (std::size_t i = 0; i < owed.size(); ++i) {
    const auto visit = static_cast<std::uint32_t>(i / 2);
    by_topic[scenario.topic_of(visit, i % 2)].push_back(owed[i]);
  }
  EventPlan events(scenario);
  std::uint64_t most = 0;
  while (const auto event = events.next()) {
    audience.go_on_to(event->due);
    const auto& ranges = by_topic[event->topic];
    const auto holding = std::count_if(ranges.begin(), ranges.end(),
                                       [&](const Owed& one) { return one.holds(event->ordinal); });
    ASSERT_EQ(audience.of(event->topic), static_cast<std::uint64_t>(holding)) << event->index;
    most = std::max(most, audience.of(event->topic));
  }
  EXPECT_GT(most, 8U);  // of 40 clients over 5 topics, two each, but for those who settle
  EXPECT_LE(most, 16U);
}

}  // namespace
}  // namespace pushbench::plan
