#include "harness/app/size_text.h"

#include "harness/result/json_reader.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

SizePlan plan_of(const std::string& clients) {
  SizeArguments a;
  a.clients = clients;
  a.events_per_client = "0.2/s";
  a.slo = {"latency.p99 < 2s"};
  a.day = "1,0.5,0.1";
  return *make_size_plan(a);
}

TEST(SizeText, NamesEveryStrategyItsReasonAndTheSource) {
  const std::string text = size_text(plan_of("100000"));
  for (const char* word : {"polling,new-connection", "long-polling", "streaming/sse", "websocket",
                           "4 + 1", "range *", "extrapolated", "TIME_WAIT",
                           "shipped reference constants, not of this machine", "A day of that"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
  }
}

TEST(SizeText, LinesFitATerminal) {
  std::string text = size_text(plan_of("100000"));
  while (!text.empty()) {
    const auto end = text.find('\n');
    EXPECT_LE(
        std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }),
        80)
        << text.substr(0, end);
    text.erase(0, end + 1);
  }
}

TEST(SizeText, WhatIsNotExtrapolatedIsNotSaidToBe) {
  EXPECT_EQ(size_text(plan_of("1000")).find("extrapolated"), std::string::npos);
}

TEST(SizeText, JsonIsReadBackWithItsUnits) {
  const std::string text = size_json(plan_of("100000"));
  const auto tree = result::parse_json(text, "size");
  ASSERT_TRUE(tree) << tree.error().text;
  result::ReadContext context("size");
  const result::JsonView root(*tree, "", context);
  EXPECT_EQ(root.at("schema").text(), "pushbench.size/1");
  const auto rows = root.at("strategies").items(10);
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows.back().at("strategy").text(), "websocket");
  EXPECT_EQ(rows.back().at("servers").number(), 4);
  EXPECT_GT(rows.back().at("ip_bytes_per_s").number(), 20'000 * 128);
  EXPECT_GT(rows.back().at("day_server_hours_fixed").number(), 0);
  EXPECT_FALSE(context.failure());
}

}  // namespace
}  // namespace pushbench::app
