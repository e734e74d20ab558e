#include "harness/study/axis.h"

#include "harness/plan/units.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

using std::chrono::seconds;

TEST(Axis, AMistypedOneNamesTheNearest) {
  const auto axis = find_axis("--over", "event.rate");
  ASSERT_FALSE(axis);
  EXPECT_EQ(axis.error().text,
            "--over: expected one of clients, events.rate, payload, got 'event.rate', did you mean "
            "'events.rate'?");
}

TEST(Axis, ValuesReplaceTheScenariosOwn) {
  plan::Scenario scenario;
  scenario.clients = 100;
  scenario.events.rate_per_s = 50;
  plan::Overrides to;
  to.measure = "3s";
  (*find_axis("", "clients"))->write(scenario, 1234, to);
  EXPECT_EQ(*to.clients, "1234");
  EXPECT_EQ(*to.measure, "3s");
  (*find_axis("", "events.rate"))->write(scenario, 0.5, to);
  EXPECT_NEAR(*plan::parse_rate(*to.rate), 0.5, 1e-9);
  (*find_axis("", "payload"))->write(scenario, 2048, to);
  EXPECT_EQ(*to.payload, "2048B");
}

TEST(Axis, InUnicastEveryClientKeepsItsRate) {
  plan::Scenario scenario;
  scenario.clients = 100;
  scenario.topics = 100;
  scenario.events.rate_per_s = 50;
  plan::Overrides to;
  (*find_axis("", "clients"))->write(scenario, 400, to);
  EXPECT_EQ(*to.topics, "400");
  EXPECT_NEAR(*plan::parse_rate(*to.rate), 200, 1e-6);
}

TEST(Axis, ATrialIsAsLongAsItsPercentilesNeed) {
  plan::Scenario scenario;
  scenario.events.rate_per_s = 100;
  scenario.phases.measure = seconds(2);
  EXPECT_EQ(measure_needed(scenario, seconds(60)), seconds(2));
  scenario.thresholds.push_back({.text = "latency.p99 < 50ms", .metric = "latency.p99"});
  // 299 events, and three times their square root.
  EXPECT_EQ(measure_needed(scenario, seconds(60)), std::chrono::milliseconds(3600));
  scenario.events.rate_per_s = 1;
  EXPECT_FALSE(measure_needed(scenario, seconds(60)));
  scenario.phases.measure = seconds(600);
  EXPECT_EQ(measure_needed(scenario, seconds(60)), seconds(600));
}

TEST(Axis, LoadsAreReadable) {
  EXPECT_EQ(load_text(**find_axis("", "clients"), 12400), "12,400 clients");
  EXPECT_EQ(load_text(**find_axis("", "payload"), 2000), "2.00 kB");
}

TEST(Axis, ALoadThatChangesIsNoOneValue) {
  plan::Scenario scenario;
  scenario.name = "daily";
  EXPECT_TRUE(check_steady(scenario, "capacity"));
  scenario.clients_profile = std::make_shared<const plan::Profile>();
  EXPECT_EQ(check_steady(scenario, "fit").error().text,
            "fit: the clients of daily change over time, and fit needs a load that stands still; "
            "give one value: --clients 1000");
  scenario.events.profile = std::make_shared<const plan::Profile>();
  EXPECT_EQ(check_steady(scenario, "capacity").error().text,
            "capacity: the event rate of daily changes over time, and capacity needs a load that "
            "stands still; give one value: --rate 100/s");
}

}  // namespace
}  // namespace pushbench::study
