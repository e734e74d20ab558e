#include "harness/study/capacity_state.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

CapacityState question(std::vector<std::string> axes) {
  CapacityState state;
  state.scenario = "chat";
  state.workload = "0123456789abcdef";
  state.slos = {"latency.p99 < 50ms"};
  state.axes = std::move(axes);
  state.searches.push_back({"websocket", state.axes.front(), 100, "", 0, {}});
  state.searches.push_back({"streaming/sse", state.axes.front(), 100, "", 0, {}});
  return state;
}

// Answers every trial of the search whose turn it is, until all are over.
void answer_all(CapacityState& state, double knee) {
  for (int i = 0; i < 2000; ++i) {
    state.extend_frontier(10);
    Search* const search = state.next_search();
    if (search == nullptr) {
      return;
    }
    // What a server holds is a product of the two loads.
    const double here = search->fixed_axis.empty() ? knee : knee * 10 / search->fixed;
    TrialRecord record;
    record.trial = *search->next();
    const bool held = record.trial.load <= here;
    record.trial.outcome = held ? Outcome::kHeld : Outcome::kCrossed;
    record.cause = held ? Cause::kNone : Cause::kLatency;
    record.text = held ? "" : "latency.p99 was 63 ms";
    record.seconds = 8;
    record.file = "trials/1.json";
    search->records.push_back(record);
  }
  FAIL() << "the searches do not end";
}

TEST(CapacityState, StrategiesTakeTurns) {
  CapacityState state = question({"clients"});
  Search* const first = state.next_search();
  ASSERT_NE(first, nullptr);
  first->records.push_back({{100, Purpose::kDoubling, Outcome::kHeld}, Cause::kNone, "", 8, ""});
  EXPECT_EQ(state.next_search()->cell, "streaming/sse");
  answer_all(state, 1000);
  EXPECT_EQ(state.next_search(), nullptr);
  EXPECT_NEAR(*state.searches[0].knee().held, 1000, 50);
  ASSERT_NE(state.searches[0].what_gave_out(), nullptr);
  EXPECT_EQ(state.searches[0].what_gave_out()->cause, Cause::kLatency);
}

TEST(CapacityState, WhatIsReadBackIsWhatWasWritten) {
  CapacityState state = question({"clients", "events.rate"});
  state.skipped = {{"polling/interval=1s", "it waits 990 ms"}};
  answer_all(state, 1000);
  const std::string text = to_json(state);
  const auto back = capacity_from_json(text, "capacity.json");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), text);
  EXPECT_EQ(back->trials_made(), state.trials_made());
}

TEST(CapacityState, TwoAxesMakeAFrontier) {
  CapacityState state = question({"clients", "events.rate"});
  answer_all(state, 1000);
  ASSERT_EQ(state.searches.size(), 2U + 2 * kFrontierSteps);
  for (const auto& search : state.searches) {
    if (search.fixed_axis.empty()) {
      continue;
    }
    EXPECT_EQ(search.fixed_axis, "clients");
    EXPECT_EQ(search.axis, "events.rate");
    // Half the clients get twice the events.
    EXPECT_NEAR(*search.knee().held * search.fixed / (1000 * 10), 1, 0.1);
  }
}

TEST(CapacityState, BrokenFilesAreRefused) {
  const std::string good = to_json(question({"clients"}));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return capacity_from_json(text, "capacity.json");
  };
  EXPECT_TRUE(with("chat", "chess"));
  const auto older = with("\"skipped\"", "\"nothing\"");
  ASSERT_TRUE(older);
  EXPECT_TRUE(older->skipped.empty());
  EXPECT_FALSE(with("\"skipped\": []", "\"skipped\": [{\"cell\": \"websocket\"}]"));
  EXPECT_FALSE(with("pushbench.capacity/1", "pushbench.result/1"));
  EXPECT_FALSE(with("\"axis\": \"clients\"", "\"axis\": \"colour\""));
  EXPECT_FALSE(capacity_from_json(good.substr(0, good.size() / 2), "capacity.json"));
}

TEST(CapacityState, TrialsAreJudgedAnewByTheFiguresThatTheyKeep) {
  CapacityState state;
  state.scenario = "chat";
  state.slos = {"latency.p99 < 50ms"};
  state.axes = {"clients"};
  state.searches.push_back({"websocket", "clients", 100, "", 0, {}});
  auto& records = state.searches.front().records;
  for (const double load : {100.0, 200.0, 200.0}) {
    TrialRecord record;
    record.trial.load = load;
    record.file = "trials/0001.json";
    record.figures = TrialFigures{};
    record.figures->server_share = 0.5;
    record.figures->metrics = {{"latency_p99_ns", load * 2e5}, {"received_per_s", load}};
    record.figures->targets = {{"received_per_s", 100}};
    records.push_back(record);
  }
  const auto back = capacity_from_json(to_json(state), "capacity.json");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), to_json(state));
  EXPECT_EQ(*state.searches.front().knee().held, 200);
  ASSERT_TRUE(judge_anew(state, {"latency.p99 < 30ms"}));
  EXPECT_EQ(*state.searches.front().knee().held, 100);
  EXPECT_EQ(state.searches.front().what_gave_out()->text,
            "latency.p99 was 40.0 ms, asked for is latency.p99 < 30ms; the server used 50 % of a "
            "processor");
  EXPECT_EQ(state.slos, std::vector<std::string>{"latency.p99 < 30ms"});
  ASSERT_TRUE(judge_anew(state, {"rate <= 1.5*target"}));
  EXPECT_EQ(*state.searches.front().knee().failed, 200);
  EXPECT_FALSE(judge_anew(state, {"latency.p98 < 30ms"}));
  EXPECT_FALSE(judge_anew(state, {"soon"}));
  records.front().figures.reset();
  EXPECT_FALSE(judge_anew(state, {"latency.p99 < 30ms"}));
}

}  // namespace
}  // namespace pushbench::study
