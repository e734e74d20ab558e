#include "harness/study/prices.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

TEST(Prices, AreReadAndSumUp) {
  const auto prices = parse_prices(
      "currency: EUR\ncore-hour: 0.02\nmemory-gb-hour: 0.005\ntraffic-gb: 0.01\n", "p.yaml");
  ASSERT_TRUE(prices) << prices.error().text;
  ServerKind kind;
  kind.cores = 4;
  kind.memory_bytes = 8e9;
  EXPECT_NEAR(prices->per_server_hour(kind), 0.12, 1e-12);
  Flow flow;
  flow.bytes_per_s.payload_down = 1e6;  // 3.6 GB an hour
  flow.ip_bytes_per_s = 1e6;
  const Cost cost = cost_of(*prices, kind, 3, flow, 1000);
  EXPECT_NEAR(cost.per_hour, 3 * 0.12 + 3.6 * 0.01, 1e-12);
  EXPECT_NEAR(cost.per_million_deliveries, cost.per_hour / 3.6, 1e-12);
  EXPECT_NEAR(parse_prices("server-hour: 0.5", "p")->per_server_hour(kind), 0.5, 1e-12);
}

TEST(Prices, MistakesNameFileLineAndTheNearestKey) {
  const struct {
    const char* text;
    const char* says;
  } cases[] = {
      {"server-huor: 1\n", "p.yaml:1:1: unknown key 'server-huor', did you mean 'server-hour'?"},
      {"server-hour: cheap\n", "p.yaml:1:14: server-hour: expected a number"},
      {"currency: EUR\n", "names no price of a server"},
      {"server-hour: 1\ncore-hour: 1\n", "the price of a whole server"},
  };
  for (const auto& c : cases) {
    const auto prices = parse_prices(c.text, "p.yaml");
    ASSERT_FALSE(prices) << c.text;
    EXPECT_NE(prices.error().text.find(c.says), std::string::npos) << prices.error().text;
  }
}

}  // namespace
}  // namespace pushbench::study
