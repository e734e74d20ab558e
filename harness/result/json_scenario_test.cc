#include "harness/result/json_scenario.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace pushbench::result {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only

std::string text_of(const plan::Scenario& scenario) {
  JsonWriter json;
  write_scenario(json, scenario);
  return json.take();
}

plan::Scenario scenario_back(const std::string& text) {
  const auto document = parse_json(text, "s").value();
  ReadContext context("s");
  auto scenario = read_scenario(JsonView(document, "", context));
  EXPECT_FALSE(context.failure()) << context.failure()->text;
  return scenario;
}

std::string failure_of(const std::string& text) {
  const auto document = parse_json(text, "s").value();
  ReadContext context("s");
  read_scenario(JsonView(document, "", context));
  return context.failure() ? context.failure()->text : "";
}

std::string with_replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The instants themselves stay in their file; what tells one workload from another comes back.
TEST(JsonScenario, ATraceComesBackWithoutItsInstants) {
  plan::Scenario scenario = example_result().scenario;
  scenario.events.arrival = plan::Arrival::kTrace;
  scenario.events.trace = std::make_shared<const plan::Trace>(plan::Trace{
      .file = "traces/evening.txt", .events = 3, .period = 7s, .digest = "0123", .due = {1s, 2s}});
  const auto back = scenario_back(text_of(scenario));
  EXPECT_EQ(text_of(back), text_of(scenario));
  EXPECT_EQ(back.hash(), scenario.hash());
  ASSERT_TRUE(back.events.trace);
  EXPECT_EQ(back.events.trace->file, "traces/evening.txt");
  EXPECT_EQ(back.events.trace->events, 3U);
  EXPECT_TRUE(back.events.trace->due.empty());
}

TEST(JsonScenario, EveryFieldComesBack) {
  plan::Scenario scenario = example_result().scenario;
  scenario.topics_per_client = 3;
  scenario.events.arrival = plan::Arrival::kBurst;
  scenario.events.burst = 17;
  scenario.events.payload = {.kind = plan::PayloadSpec::Kind::kFile,
                             .size = 1,
                             .low = 2,
                             .high = 3,
                             .median = 4,
                             .p99 = 5,
                             .max = 6,
                             .file = "events.txt",
                             .lines = {"one µ", "two\t\"2\""}};
  scenario.link = plan::LinkSpec{.rtt = 100ms, .jitter = 10ms, .down = 20'000'000, .uplink = 7};
  scenario.seed = 18'446'744'073'709'551'615U;
  scenario.repeats = 4;
  scenario.strategies[0].interval = 250ms;
  scenario.strategies[0].jitter = 0.1;
  scenario.strategies[2].hold = 7s;
  scenario.strategies[4].compression = "gzip";
  const auto back = scenario_back(text_of(scenario));
  EXPECT_EQ(text_of(back), text_of(scenario));
  EXPECT_EQ(back.seed, scenario.seed);
  EXPECT_EQ(back.events.payload.lines, scenario.events.payload.lines);
  EXPECT_EQ(back.strategies[0].interval, 250ms);
  EXPECT_EQ(back.strategies[1].new_connection, true);
  EXPECT_EQ(back.strategies[2].hold, 7s);
  EXPECT_EQ(back.strategies[4].encoding, "sse");
  EXPECT_EQ(back.strategies[4].compression, "gzip");
  EXPECT_FALSE(back.strategies[2].compresses());
  EXPECT_EQ(back.thresholds[1].op, plan::Threshold::Op::kEqual);
  EXPECT_EQ(back.late, scenario.late);
  EXPECT_EQ(back.upstream->payload, 64U);
  EXPECT_EQ(back.link->rtt, 100ms);
  EXPECT_EQ(back.link->jitter, 10ms);
  EXPECT_EQ(back.link->down, 20'000'000U);
  EXPECT_EQ(back.link->up, 0U);
  EXPECT_EQ(back.link->uplink, 7U);
}

TEST(JsonScenario, AbsentPartsStayAbsent) {
  const auto back = scenario_back(text_of(plan::Scenario()));
  EXPECT_FALSE(back.upstream);
  EXPECT_FALSE(back.link);
  EXPECT_FALSE(back.late);
  EXPECT_TRUE(back.strategies.empty());
}

TEST(JsonScenario, OptionsAreThoseOfTheStrategy) {
  JsonWriter json;
  json.begin_object();
  plan::StrategySpec spec;
  spec.strategy = "long-polling";
  write_strategy(json, spec);
  json.end_object();
  EXPECT_EQ(json.take(),
            "{\n  \"strategy\": \"long-polling\",\n  \"options\": {\n    \"hold_ns\": 25000000000\n"
            "  }\n}\n");
}

TEST(JsonScenario, UnknownWordsNameTheNearest) {
  const auto text = text_of(example_result().scenario);
  EXPECT_EQ(failure_of(with_replaced(text, "\"poisson\"", "\"poison\"")),
            "s: events.arrival is 'poison', which this program does not know, did you mean "
            "'poisson'?");
  EXPECT_EQ(failure_of(with_replaced(text, "\"op\": \"<\"", "\"op\": 1")),
            "s: thresholds[0].op must be a string, not a number");
}

}  // namespace
}  // namespace pushbench::result
