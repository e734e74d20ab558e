#include "harness/app/capacity_question.h"

#include "harness/app/run_setup.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

using std::chrono::seconds;

CapacityArguments quick_over(const std::string& axis) {
  CapacityArguments a;
  a.scenario = "quick";
  a.slo = {"latency.p99 < 50ms", "lost == 0"};
  a.over = {axis};
  return a;
}

TEST(CapacityQuestion, StrategiesThatCannotKeepTheBoundAreNotTried) {
  const auto question = read_question(quick_over("clients"));
  ASSERT_TRUE(question) << question.error().text;
  // Polls a second apart wait 990 ms whatever the load.
  EXPECT_EQ(question->state.skipped.size(), 2U);
  EXPECT_NE(question->state.skipped.front().why.find("990 ms"), std::string::npos)
      << question->state.skipped.front().why;
  EXPECT_EQ(question->state.searches.size(), 4U);
  EXPECT_EQ(question->state.searches.front().start, 100);
  EXPECT_EQ(question->base.thresholds.size(), 2U);
}

TEST(CapacityQuestion, MistakesAreOneSentence) {
  const struct {
    void (*spoil)(CapacityArguments&);
    const char* says;
  } cases[] = {
      {[](CapacityArguments& a) {
         a.slo = {};
         a.scenario = "quick";
       },
       "every load holds"},
      {[](CapacityArguments& a) { a.slo = {"latency.p98 < 5ms"}; },
       "--slo: 'latency.p98' is no metric"},
      {[](CapacityArguments& a) { a.slo = {"latency.p99 < 5"}; }, "compared with a duration"},
      {[](CapacityArguments& a) {
         a.slo = {"latency.p99 < 5ms", "latency.p99 > 6ms"};
       },
       "cannot both hold"},
      {[](CapacityArguments& a) { a.slo = {"lost < 0"}; }, "nothing is below zero"},
      {[](CapacityArguments& a) { a.over = {"colour"}; }, "--over: expected one of clients"},
      {[](CapacityArguments& a) {
         a.over = {"clients", "clients"};
       },
       "clients comes twice"},
      {[](CapacityArguments& a) {
         a.over = {"clients", "events.rate", "payload"};
       },
       "one axis or two"},
      {[](CapacityArguments& a) { a.budget = "1s"; }, "--budget: one trial alone takes"},
      {[](CapacityArguments& a) { a.budget = "soon"; }, "--budget: expected a duration"},
      {[](CapacityArguments& a) { a.run.overrides.strategies = {"polling"}; },
       "no strategy can keep these bounds: polling/interval=1s"},
      {[](CapacityArguments& a) {
         a.run.server = "http://127.0.0.1:1";
         a.run.server_command = "serve";
       },
       "give one of them"},
  };
  for (const auto& c : cases) {
    CapacityArguments a = quick_over("clients");
    c.spoil(a);
    const auto question = read_question(a);
    if (question) {
      ADD_FAILURE() << c.says;
      continue;
    }
    EXPECT_EQ(question.error().code, ExitCode::kUsage);
    EXPECT_NE(question.error().text.find(c.says), std::string::npos) << question.error().text;
  }
}

TEST(CapacityQuestion, ATrialIsOneStrategyAtOneLoadLongEnoughForItsPercentiles) {
  CapacityArguments a = quick_over("clients");
  a.over = {"clients", "events.rate"};
  const auto question = read_question(a);
  ASSERT_TRUE(question);
  study::Search search = question->state.searches.back();
  const auto plain = trial_scenario(*question, a, search, 250);
  ASSERT_TRUE(plain) << plain.error().text;
  ASSERT_EQ(plain->strategies.size(), 1U);
  EXPECT_EQ(plain->strategies.front().cell_name(), search.cell);
  EXPECT_EQ(plain->clients, 250U);
  search.axis = "events.rate";
  search.fixed_axis = "clients";
  search.fixed = 50;
  const auto slow = trial_scenario(*question, a, search, 10);
  ASSERT_TRUE(slow);
  EXPECT_EQ(slow->clients, 50U);
  EXPECT_GT(slow->phases.measure, seconds(35));
  EXPECT_FALSE(trial_scenario(*question, a, search, 0.5));
}

TEST(CapacityQuestion, AnEarlierSearchIsTakenOverOnlyForTheSameQuestion) {
  const CapacityArguments a = quick_over("clients");
  auto question = *read_question(a);
  study::CapacityState found = question.state;
  study::TrialRecord record;
  record.trial.load = 100;
  found.searches.front().records.push_back(record);
  found.searches.pop_back();  // one strategy fewer was asked for then
  found.skipped.clear();      // a file of an older version
  ASSERT_TRUE(resume(question, found, "there"));
  EXPECT_EQ(question.state.searches.size(), 4U);
  EXPECT_EQ(question.state.trials_made(), 1U);
  EXPECT_EQ(question.state.skipped.size(), 2U);
  study::CapacityState other = found;
  other.slos = {"latency.p99 < 10ms"};
  const auto refused = resume(question, other, "there");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("another question"), std::string::npos);
  other = found;
  other.searches.front().cell = "polling/interval=9s";
  EXPECT_FALSE(resume(question, other, "there"));
}

}  // namespace
}  // namespace pushbench::app
