#include "harness/app/capacity_text.h"

#include "harness/app/capacity_question.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

using study::Outcome;

// Every search of the question is answered by a server that holds `knee`.
Question answered(double knee, Outcome above, bool two_axes = false) {
  CapacityArguments a;
  a.scenario = "quick";
  a.slo = {"latency.p99 < 50ms"};
  a.over = {"clients"};
  if (two_axes) {
    a.over.emplace_back("events.rate");
  }
  a.run.overrides.strategies = {"websocket", "streaming/sse"};
  Question question = *read_question(a);
  for (int i = 0; i < 2000; ++i) {
    question.state.extend_frontier(64);
    study::Search* const search = question.state.next_search();
    if (search == nullptr) {
      break;
    }
    study::TrialRecord record;
    record.trial = *search->next();
    const double here = search->fixed_axis.empty() ? knee : knee * 64 / search->fixed;
    record.trial.outcome = record.trial.load <= here ? Outcome::kHeld : above;
    if (record.trial.outcome != Outcome::kHeld) {
      record.cause = above == Outcome::kCrossed ? study::Cause::kLatency : study::Cause::kGenerator;
      record.text = "latency.p99 was 63.2 ms";
    }
    search->records.push_back(record);
  }
  return question;
}

TEST(CapacityText, SaysTheIntervalAndWhatGaveOutFirst) {
  const Question question = answered(3000, Outcome::kCrossed);
  const std::string text = capacity_text(question.state);
  const auto knee = question.state.searches.front().knee();
  EXPECT_NE(text.find(study::load_text(*question.axes.front(), *knee.held)), std::string::npos);
  EXPECT_NE(text.find("latency.p99 was 63.2 ms"), std::string::npos) << text;
  EXPECT_NE(text.find("held this load again right after"), std::string::npos) << text;
  EXPECT_EQ(text.find("at least"), std::string::npos) << text;
  EXPECT_EQ(text.find("budget"), std::string::npos) << text;
}

TEST(CapacityText, AGeneratorThatGaveOutMakesItAtLeast) {
  const std::string text = capacity_text(answered(3000, Outcome::kGenerator).state);
  EXPECT_NE(text.find("at least "), std::string::npos) << text;
  EXPECT_NE(text.find("The load generator gave out and not the server"), std::string::npos);
}

TEST(CapacityText, AnEndedBudgetIsSaid) {
  Question question = answered(3000, Outcome::kCrossed);
  question.state.searches.front().records.resize(3);
  question.state.searches.back().records.clear();
  const std::string text = capacity_text(question.state, question.budget);
  EXPECT_NE(text.find("The budget of 10 min ended"), std::string::npos) << text;
  EXPECT_NE(text.find("at least 400 clients"), std::string::npos) << text;
  EXPECT_NE(text.find("not tried"), std::string::npos) << text;
}

TEST(CapacityText, TwoAxesShowAFrontier) {
  const std::string text = capacity_text(answered(3000, Outcome::kCrossed, true).state);
  EXPECT_NE(text.find("Frontier: both loads at the same time"), std::string::npos) << text;
  EXPECT_NE(text.find(" 64 events/s"), std::string::npos) << text;
}

TEST(CapacityText, AStrategyThatWasNotSearchedIsThereWithTheReason) {
  Question question = answered(3000, Outcome::kCrossed);
  question.state.skipped = {{"polling/interval=1s", "it waits 990 ms"}};
  const std::string text = capacity_text(question.state);
  EXPECT_NE(text.find("polling/interval=1s: not searched: it waits 990 ms."), std::string::npos)
      << text;
}

TEST(CapacityText, TheFileTellsTheSame) {
  Question question = answered(3000, Outcome::kCrossed, true);
  question.state.skipped = {{"polling/interval=1s", "it waits 990 ms"}};
  const auto back = study::capacity_from_json(study::to_json(question.state), "capacity.json");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(capacity_text(*back), capacity_text(question.state));
}

TEST(CapacityText, AFrontierWithoutItsAxisIsLeftOut) {
  study::CapacityState state = answered(3000, Outcome::kCrossed, true).state;
  state.axes = {"clients"};
  EXPECT_EQ(capacity_text(state).find("Frontier"), std::string::npos);
}

TEST(CapacityText, NothingHeldIsNotALoad) {
  Question question = answered(3000, Outcome::kCrossed);
  auto& search = question.state.searches.front();
  search.records.clear();
  search.records.push_back({{1, study::Purpose::kDoubling, Outcome::kCrossed}, {}, "no", 1, ""});
  search.records.push_back({{1, study::Purpose::kRepeat, Outcome::kCrossed}, {}, "no", 1, ""});
  EXPECT_EQ(interval_text(search), "not even 1 clients");
}

}  // namespace
}  // namespace pushbench::app
