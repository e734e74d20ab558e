#include "harness/plan/event_plan.h"

#include "harness/base/text.h"
#include "harness/wire/stamp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

Scenario scenario_of(Arrival arrival, double rate, std::uint32_t topics, Nanos measure) {
  Scenario scenario;
  scenario.events.arrival = arrival;
  scenario.events.rate_per_s = rate;
  scenario.topics = topics;
  scenario.phases.warmup = 1s;
  scenario.phases.measure = measure;
  return scenario;
}

std::vector<PlannedEvent> all_of(const Scenario& scenario) {
  EventPlan plan(scenario);
  std::vector<PlannedEvent> out;
  while (const auto event = plan.next()) {
    out.push_back(*event);
  }
  return out;
}

double mean_size(const std::vector<PlannedEvent>& events) {
  double sum = 0;
  for (const auto& event : events) {
    sum += event.size;
  }
  return sum / static_cast<double>(events.size());
}

TEST(EventPlan, FirstValuesOfSeedOne) {
  auto scenario = scenario_of(Arrival::kPoisson, 100, 50, 10s);
  scenario.events.payload = {.kind = PayloadSpec::Kind::kUniform, .low = 64, .high = 1000};
  const auto events = all_of(scenario);
  struct Golden {
    Nanos::rep due;
    std::uint32_t topic, size;
  };
  const std::array<Golden, 4> golden{
      {{2104807, 1, 894}, {3252351, 1, 181}, {14196821, 45, 420}, {36361080, 3, 849}}};
  for (std::size_t i = 0; i < golden.size(); ++i) {
    EXPECT_EQ(events[i].index, i);
    EXPECT_EQ(events[i].due.count(), golden.at(i).due);
    EXPECT_EQ(events[i].topic, golden.at(i).topic);
    EXPECT_EQ(events[i].size, golden.at(i).size);
  }
}

TEST(EventPlan, OrdinalsAreDenseInEveryTopic) {
  for (const auto arrival : {Arrival::kConstant, Arrival::kPoisson, Arrival::kBurst}) {
    std::vector<std::uint64_t> next(7, 0);
    std::uint64_t index = 0;
    Nanos before{};
    for (const auto& event : all_of(scenario_of(arrival, 500, 7, 10s))) {
      ASSERT_EQ(event.index, index++);
      ASSERT_EQ(event.ordinal, next.at(event.topic)++);
      ASSERT_GE(event.due, before);
      ASSERT_LT(event.due, 11s);  // warm-up and measure
      before = event.due;
    }
    EXPECT_GT(index, 5000U);
  }
}

TEST(EventPlan, ConstantAndBurstVisitTopicsInRotation) {
  for (const auto arrival : {Arrival::kConstant, Arrival::kBurst}) {
    for (const auto& event : all_of(scenario_of(arrival, 100, 7, 5s))) {
      ASSERT_EQ(event.topic, event.index % 7);
    }
  }
}

// Each topic sees a Poisson process of its own: its count has variance equal to its mean.
TEST(EventPlan, PoissonSpreadsOverTopicsByChance) {
  constexpr std::uint32_t kTopics = 200;
  const auto counts = count_events(scenario_of(Arrival::kPoisson, 2000, kTopics, 100s));
  const double mean = static_cast<double>(counts.measured) / kTopics;
  EXPECT_NEAR(mean, 1000, 5 * std::sqrt(1000.0 / kTopics));
  double variance = 0;
  for (const auto count : counts.measured_by_topic) {
    const double off = static_cast<double>(count) - mean;
    variance += off * off / (kTopics - 1);
  }
  // Index of dispersion, chi-squared with 199 degrees of freedom: five deviations of sqrt(2/199).
  EXPECT_NEAR(variance / mean, 1, 0.5);
}

TEST(EventPlan, CountsAgreeWithTheEvents) {
  const auto scenario = scenario_of(Arrival::kPoisson, 300, 5, 4s);
  const auto counts = count_events(scenario);
  std::vector<std::uint64_t> first(5, 0);
  std::vector<std::uint64_t> measured(5, 0);
  const auto events = all_of(scenario);
  for (const auto& event : events) {
    ++(event.due < 1s ? first : measured)[event.topic];
  }
  EXPECT_EQ(counts.published, events.size());
  EXPECT_EQ(counts.first_measured_ordinal, first);
  EXPECT_EQ(counts.measured_by_topic, measured);
  std::uint64_t sum = 0;
  for (const auto count : measured) {
    sum += count;
  }
  EXPECT_EQ(counts.measured, sum);
}

TEST(EventPlan, PayloadDoesNotMoveInstantsOrTopics) {
  auto fixed = scenario_of(Arrival::kPoisson, 200, 10, 5s);
  auto drawn = fixed;
  drawn.events.payload = {.kind = PayloadSpec::Kind::kLognormal, .median = 200, .p99 = 2000};
  const auto a = all_of(fixed);
  const auto b = all_of(drawn);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].due, b[i].due);
    ASSERT_EQ(a[i].topic, b[i].topic);
  }
}

TEST(EventPlan, UniformSizesReachBothEnds) {
  auto scenario = scenario_of(Arrival::kConstant, 1000, 1, 30s);
  scenario.events.payload = {.kind = PayloadSpec::Kind::kUniform, .low = 16, .high = 115};
  const auto events = all_of(scenario);
  const auto [low, high] = std::minmax_element(
      events.begin(), events.end(), [](const auto& a, const auto& b) { return a.size < b.size; });
  EXPECT_EQ(low->size, 16U);
  EXPECT_EQ(high->size, 115U);
  EXPECT_NEAR(mean_size(events), 65.5, 1);
}

TEST(EventPlan, LognormalSizesMeetMedianAndP99) {
  auto scenario = scenario_of(Arrival::kConstant, 1000, 1, 99s);
  scenario.events.payload = {.kind = PayloadSpec::Kind::kLognormal, .median = 200, .p99 = 2000};
  auto events = all_of(scenario);
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.size < b.size; });
  const std::size_t middle = events.size() / 2;
  const std::size_t top = events.size() * 99 / 100;
  EXPECT_NEAR(events[middle].size, 200, 6);
  EXPECT_NEAR(events[top].size, 2000, 120);
  EXPECT_GE(events.front().size, kMinPayload);
  scenario.events.payload = {.kind = PayloadSpec::Kind::kLognormal, .median = 17, .p99 = 5000};
  scenario.events.payload.max = 1000;
  for (const auto& event : all_of(scenario)) {
    ASSERT_GE(event.size, kMinPayload);
    ASSERT_LE(event.size, 1000U);
  }
}

TEST(WritePayload, StampThenFillerOfTheRightSize) {
  std::string out = "left over";
  for (const std::uint32_t size : {16U, 17U, 79U, 80U, 81U, 1000U, 1048576U}) {
    write_payload({}, {.index = 42, .size = size}, 7, out);
    ASSERT_EQ(out.size(), size);
    EXPECT_EQ(wire::decode_stamp(out), (wire::Stamp{.run_tag = 7, .index = 42}));
    for (const char c : out) {
      ASSERT_TRUE(c > 0x20 && c < 0x7F && c != '"' && c != '\\') << c;
    }
  }
}

TEST(WritePayload, LinesOfAFileInTurn) {
  auto scenario = scenario_of(Arrival::kConstant, 10, 1, 1s);
  scenario.events.payload = {.kind = PayloadSpec::Kind::kFile,
                             .file = "x",
                             .lines = {"0123456789abcdef first", "0123456789abcdef the second"}};
  const auto events = all_of(scenario);
  std::string out;
  write_payload(scenario.events.payload, events[2], 1, out);
  EXPECT_EQ(out.substr(16), " first");
  EXPECT_EQ(events[2].size, out.size());
  write_payload(scenario.events.payload, events[3], 1, out);
  EXPECT_EQ(out.substr(16), " the second");
  EXPECT_EQ(events[3].size, out.size());
  EXPECT_EQ(wire::decode_stamp(out), (wire::Stamp{.run_tag = 1, .index = 3}));
}

TEST(UpstreamSpec, EachClientHasItsOwnStream) {
  Scenario scenario;
  scenario.upstream = UpstreamSpec{.rate_per_s = 5, .payload = 64};
  Schedule first(upstream_spec(scenario, 0));
  Schedule second(upstream_spec(scenario, 1));
  EXPECT_NE(*first.next(), *second.next());
  EXPECT_EQ(upstream_spec(scenario, 0).arrival, Arrival::kPoisson);
  EXPECT_EQ(upstream_spec(scenario, 0).length, scenario.phases.warmup + scenario.phases.measure);
  EXPECT_DOUBLE_EQ(upstream_spec(scenario, 0).rate_per_s, 5);
}

}  // namespace
}  // namespace pushbench::plan
