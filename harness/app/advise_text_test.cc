#include "harness/app/advise_text.h"

#include "harness/app/study_values.h"
#include "harness/result/json_reader.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

AdviceView view_of(double rate, double staleness_s) {
  AdviceView view;
  view.needs.workload.clients = 100'000;
  view.needs.workload.events_per_client_per_s = rate;
  view.needs.workload.one_way_s = 0.02;
  view.needs.staleness_s = staleness_s;
  view.model = "a model";
  view.advice = *study::advise(view.needs, *read_model(""), {});
  return view;
}

TEST(AdviseText, TheAnswerStandsFirstWithItsReasonAndEvidence) {
  const std::string text = advice_text(view_of(5, 0.2));
  EXPECT_TRUE(text.starts_with("streaming/sse: it takes ")) << text;
  for (const char* word : {"Within a tenth of it: ", "websocket", "tie", "[formula P_b = G / C",
                           "pushbench fit --run costs", "closed forms"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  }
}

TEST(AdviseText, PollsSayHowOften) {
  EXPECT_TRUE(advice_text(view_of(0.001, 300)).starts_with("polling,new-connection every "));
}

TEST(AdviseText, NothingFitsIsSaidWithEachObjection) {
  const std::string text = advice_text(view_of(1, 0.01));
  EXPECT_TRUE(text.starts_with("No strategy fits")) << text;
  EXPECT_NE(text.find("websocket does not fit: "), std::string::npos) << text;
}

TEST(AdviseText, WhatWasMeasuredStandsBesideWhatWasPredicted) {
  AdviceView view = view_of(5, 0.2);
  view.run_clients = 400;
  view.verified = {{"websocket", "p50", 2e7, 2.2e7, "ns"},
                   {"websocket", "p99", 2e7, std::nullopt, "ns"}};
  const std::string text = advice_text(view);
  EXPECT_NE(text.find("Measured with at most 400 clients of this workload; the middle one"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("+10 %"), std::string::npos) << text;
  EXPECT_NE(text.find("not measured"), std::string::npos) << text;
}

TEST(AdviseText, AVerifiedRankingIsLabelledAndJudged) {
  AdviceView view = view_of(0.001, 300);
  view.run_clients = 8000;
  view.compression = 200;
  view.verified = {{"websocket", "p50", 2e7, 2.2e7, "ns"}};
  for (const auto& option : view.advice.options) {
    study::Measured one;
    one.family = option.family;
    one.run_clients = 2345;
    one.share = {option.share * 1.2, option.scarcest};
    one.latency_p99_s = one.latency_max_s = option.flow.latency.p99_s;
    view.measured.push_back(one);
  }
  view.agreement = study::agreement_of(view.advice, view.measured, view.needs);
  EXPECT_NE(advice_text(view).find("time-compressed 200 times"), std::string::npos);
  EXPECT_NE(advice_text(view).find("2,345"), std::string::npos);
  EXPECT_NE(advice_text(view).find("The runs confirm the ranking."), std::string::npos);
  EXPECT_NE(advice_json(view).find("\"confirmed\": true"), std::string::npos);
  EXPECT_TRUE(check_advice(advice_json(view), "advice.json"));
  view.agreement.contradictions = {"a is advised", "b is told"};
  EXPECT_NE(advice_text(view).find("do not confirm the ranking: a is advised; b is told."),
            std::string::npos);
}

TEST(AdviseText, JsonHoldsTheSame) {
  AdviceView view = view_of(5, 0.2);
  view.verified = {{"websocket", "p50", 2e7, 2.2e7, "ns"}};
  const std::string text = advice_json(view);
  const auto tree = result::parse_json(text, "advice");
  ASSERT_TRUE(tree) << tree.error().text;
  result::ReadContext context("advice");
  const result::JsonView root(*tree, "", context);
  EXPECT_EQ(root.at("schema").text(), "pushbench.advice/1");
  EXPECT_EQ(root.at("strategies").items(10).front().at("strategy").text(), "streaming/sse");
  EXPECT_GE(root.at("crossovers").items(10).size(), 3U);
  EXPECT_EQ(root.at("verified").items(10).size(), 1U);
  EXPECT_FALSE(context.failure());
}

TEST(AdviseText, ItsJsonHoldsAllThatAPageWorksWith) {
  AdviceView view = view_of(5, 0.2);
  view.needs.proxy_idle_s = 60;
  view.costs = *read_model("");
  const std::string text = advice_json(view);
  EXPECT_TRUE(check_advice(text, "advice.json"));
  for (const char* word : {"\"rtt_ns\": 4e+07", "\"proxy_idle_ns\": 6e+10", "\"most_cpu\": 0.6",
                           "\"request_cpu_s\""}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
  for (const char* key : {"\"needs\"", "\"costs\"", "\"server\"", "\"rtt_ns\""}) {
    std::string other = text;
    other.replace(other.find(key), 2, "\"x");
    const auto checked = check_advice(other, "advice.json");
    ASSERT_FALSE(checked) << key;
    EXPECT_NE(checked.error().text.find("advice.json: "), std::string::npos)
        << checked.error().text;
  }
}

}  // namespace
}  // namespace pushbench::app
