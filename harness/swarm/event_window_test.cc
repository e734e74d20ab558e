#include "harness/swarm/event_window.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using std::chrono::seconds;

plan::Scenario hundred_per_second(seconds measure) {
  plan::Scenario scenario;
  scenario.topics = 3;
  scenario.events.rate_per_s = 100;
  scenario.events.arrival = plan::Arrival::kConstant;
  scenario.phases.warmup = seconds(0);
  scenario.phases.measure = measure;
  return scenario;
}

TEST(EventWindow, KnowsDueTopicAndOrdinalInAnyOrder) {
  EventWindow window(hundred_per_second(seconds(10)), 1024);
  const WindowEvent* event = nullptr;
  ASSERT_EQ(window.find(7, event), EventWindow::Lookup::kFound);
  EXPECT_EQ(event->due, std::chrono::milliseconds(70));
  EXPECT_EQ(event->ordinal, 2U);
  const auto topic_of_7 = event->topic;
  ASSERT_EQ(window.find(4, event), EventWindow::Lookup::kFound);
  EXPECT_EQ(event->topic, topic_of_7);
  EXPECT_EQ(event->ordinal, 1U);
}

TEST(EventWindow, SaysWhenAnEventIsOlderThanTheRing) {
  EventWindow window(hundred_per_second(seconds(10)), 64);
  const WindowEvent* event = nullptr;
  ASSERT_EQ(window.find(100, event), EventWindow::Lookup::kFound);
  EXPECT_EQ(window.find(36, event), EventWindow::Lookup::kTooOld);
  EXPECT_EQ(window.find(37, event), EventWindow::Lookup::kFound);
}

TEST(EventWindow, RefusesWhatWasNeverPlanned) {
  EventWindow window(hundred_per_second(seconds(1)), 64);
  const WindowEvent* event = nullptr;
  EXPECT_EQ(window.find(99, event), EventWindow::Lookup::kFound);
  EXPECT_EQ(window.find(100, event), EventWindow::Lookup::kUnplanned);
  EXPECT_EQ(window.find(std::uint64_t{1} << 59U, event), EventWindow::Lookup::kUnplanned);
}

}  // namespace
}  // namespace pushbench::swarm
