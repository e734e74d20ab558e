#include "harness/app/size_plan.h"

#include "harness/app/captured.h"
#include "harness/app/study_values.h"

#include <gtest/gtest.h>

#include <fstream>

namespace pushbench::app {
namespace {

SizeArguments asked(const std::string& clients, const std::string& rate) {
  SizeArguments a;
  a.clients = clients;
  a.events_per_client = rate;
  return a;
}

const SizeRow* row_of(const SizePlan& plan, const std::string& family) {
  for (const auto& row : plan.rows) {
    if (row.size.family == family) {
      return &row;
    }
  }
  return nullptr;
}

TEST(SizePlan, TheShippedConstantsAnswerAndSayWhoseTheyAre) {
  const auto plan = make_size_plan(asked("10000", "1/s"));
  ASSERT_TRUE(plan) << plan.error().text;
  EXPECT_TRUE(plan->model.reference);
  EXPECT_EQ(plan->rows.size(), 6U);
  const auto* row = row_of(*plan, "websocket");
  ASSERT_NE(row, nullptr);
  // 10,000 deliveries, and as many events that enter.
  const auto model = read_model("");
  const auto* const cost = model->find("websocket");
  EXPECT_NEAR(
      row->size.cores,
      cost->base_cores.value + 10'000 * (cost->delivery_s(10'000, 10'000) +
                                         cost->publish_cpu_s.value + cost->wake_cpu_s.value),
      1e-4);
  EXPECT_EQ(row->size.servers, 1);
  EXPECT_FALSE(row->cost);
}

TEST(SizePlan, PollsAreAsFarApartAsTheBoundAllows) {
  SizeArguments a = asked("1000", "0.2/s");
  a.slo = {"latency.p99 < 2s", "lost == 0"};
  EXPECT_EQ(make_size_plan(a)->poll_interval, std::chrono::milliseconds(2000));
  a.poll_interval = "500ms";
  EXPECT_EQ(make_size_plan(a)->poll_interval, std::chrono::milliseconds(500));
  a.poll_interval.clear();
  a.slo = {"latency.p99 < 5ms"};
  const auto tight = make_size_plan(a);
  ASSERT_TRUE(tight);
  EXPECT_EQ(row_of(*tight, "polling"), nullptr);
  ASSERT_FALSE(tight->left_out.empty());
  EXPECT_NE(tight->left_out.front().find("no interval"), std::string::npos);
}

TEST(SizePlan, PricesAndADayAreAddedUp) {
  const std::string file = ::testing::TempDir() + "prices.yaml";
  std::ofstream(file) << "currency: EUR\nserver-hour: 0.5\n";
  SizeArguments a = asked("10000", "0.1/s");
  a.prices = file;
  a.day = "1,0.5";
  a.strategies = {"websocket"};
  const auto plan = make_size_plan(a);
  ASSERT_TRUE(plan) << plan.error().text;
  ASSERT_EQ(plan->rows.size(), 1U);
  const SizeRow& row = plan->rows.front();
  ASSERT_TRUE(row.cost && row.day && row.day_fixed);
  EXPECT_NEAR(row.cost->per_hour, 2 * 0.5, 1e-9);  // one and a spare one
  EXPECT_NEAR(row.day->deliveries, 1000 * 43'200 * 1.5, 1);
  EXPECT_NEAR(row.day_fixed->per_hour, 1, 1e-9);
}

TEST(SizePlan, MistakesAreOneSentence) {
  const struct {
    void (*spoil)(SizeArguments&);
    const char* says;
  } cases[] = {
      {[](SizeArguments& a) { a.clients = ""; }, "say how many clients"},
      {[](SizeArguments& a) { a.clients = "many"; }, "--clients: expected a whole number"},
      {[](SizeArguments& a) { a.clients = "0"; }, "--clients: expected more than nothing"},
      {[](SizeArguments& a) { a.events_per_client = "5"; }, "--events-per-client: expected a rate"},
      {[](SizeArguments& a) { a.fan_out = "5000"; }, "cannot go to 5,000 of 1,000 clients"},
      {[](SizeArguments& a) { a.payload = "3B"; }, "--payload: expected 16 B to 1 MiB"},
      {[](SizeArguments& a) { a.headroom = "99%"; }, "--headroom: less than 95 %"},
      {[](SizeArguments& a) { a.memory = "8"; }, "--memory: expected a size"},
      {[](SizeArguments& a) { a.link = "fast"; }, "--link: expected a bit rate"},
      {[](SizeArguments& a) { a.day = "0.5,2"; }, "--day: expected a share"},
      {[](SizeArguments& a) { a.strategies = {"carrier-pigeon"}; }, "no strategy is left"},
      {[](SizeArguments& a) { a.model = "/nowhere.json"; }, "/nowhere.json"},
      {[](SizeArguments& a) {
         a.rtt = "1s";
         a.poll_interval = "500ms";
       },
       "more than --rtt"},
      {[](SizeArguments& a) {
         a.rtt = "100ms";
         a.slo = {"latency.p99 < 40ms"};
       },
       "nothing arrives within 40.0 ms"},
  };
  for (const auto& c : cases) {
    SizeArguments a = asked("1000", "1/s");
    c.spoil(a);
    const auto plan = make_size_plan(a);
    ASSERT_FALSE(plan) << c.says;
    EXPECT_EQ(plan.error().code, ExitCode::kUsage);
    EXPECT_NE(plan.error().text.find(c.says), std::string::npos) << plan.error().text;
  }
}

}  // namespace
}  // namespace pushbench::app
