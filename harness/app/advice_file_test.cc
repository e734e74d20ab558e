#include "harness/app/advice_file.h"

#include "harness/app/model_text.h"
#include "harness/app/study_values.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

AdviceView an_advice(bool measured) {
  AdviceView view;
  view.needs.workload.clients = 20'000;
  view.needs.workload.events_per_client_per_s = 0.001;
  view.needs.workload.one_way_s = 0.025;
  view.needs.staleness_s = 300;
  view.needs.proxy_idle_s = 30;
  view.needs.old_browsers = true;
  view.costs = *read_model("");
  view.model = model_origin(view.costs);
  view.advice = *study::advise(view.needs, view.costs, view.kind);
  if (!measured) {
    return view;
  }
  view.run_clients = 8000;
  view.compression = 200;
  view.verified = {{"polling", "p50", 2e7, 2.2e7, "ns"},
                   {"polling", "p99", 2e7, std::nullopt, "ns"},
                   {"polling", "bytes", 300, 310, "bytes"}};
  for (const auto& option : view.advice.options) {
    study::Measured one;
    one.family = option.family;
    one.run_clients = option.cell.new_connection ? 2000 : 8000;
    one.share = {option.share * 3, option.scarcest};
    one.latency_p99_s = one.latency_max_s = option.flow.latency.p99_s;
    view.measured.push_back(one);
  }
  view.agreement = study::agreement_of(view.advice, view.measured, view.needs);
  view.agreement.contradictions = {"a is advised, b takes less"};
  return view;
}

TEST(AdviceFile, TellsWhatWasTold) {
  for (const bool measured : {false, true}) {
    const AdviceView view = an_advice(measured);
    const std::string json = advice_json(view);
    const auto back = advice_from_json(json, "advice.json");
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(advice_text(*back), advice_text(view));
    EXPECT_EQ(advice_text(*back).find("do not confirm the ranking") != std::string::npos, measured);
  }
}

TEST(AdviceFile, ControlCharactersDoNotReachATerminal) {
  AdviceView view = an_advice(true);
  view.model = "a \x1b[31mmodel";
  view.verified.front().metric = "p\x1b[2J50";
  view.costs.families.front().evidence = "\x1b]0;title";
  view.advice = *study::advise(view.needs, view.costs, view.kind);
  const auto back = advice_from_json(advice_json(view), "advice.json");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(advice_text(*back).find('\x1b'), std::string::npos);
}

TEST(AdviceFile, WhatIsDamagedOrOfAnotherAnswerIsRefusedByName) {
  const std::string good = advice_json(an_advice(true));
  const struct {
    const char* from;
    const char* to;
    const char* says;
  } cases[] = {
      {"\"payload_bytes\": ", "\"payload_bytes\": -", "needs.payload_bytes"},
      {"\"fan_out\": 1", "\"fan_out\": 1e9", "needs.fan_out"},
      {"\"rtt_ns\": ", "\"rtt_ns\": 999", "needs.rtt_ns"},
      {"\"cores\": 4,", "\"cores\": 0,", "server.cores"},
      {"\"time_compressed\"", "\"time\"", "time_compressed"},
      {"\"old_browsers\": true", "\"old_browsers\": false", "not what this program advises"},
      {"\"measured\": [\n", "\"measured\": [{\"strategy\": \"carrier pigeon\"},\n",
       "is none of the strategies"},
  };
  for (const auto& c : cases) {
    std::string text = good;
    const auto at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, std::string(c.from).size(), c.to);
    const auto read = advice_from_json(text, "advice.json");
    ASSERT_FALSE(read) << c.from;
    EXPECT_NE(read.error().text.find("advice.json: "), std::string::npos) << read.error().text;
    EXPECT_NE(read.error().text.find(c.says), std::string::npos) << read.error().text;
  }
  EXPECT_FALSE(advice_from_json(good.substr(0, good.size() / 2), "advice.json"));
}

}  // namespace
}  // namespace pushbench::app
