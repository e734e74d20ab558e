#include "harness/study/day.h"

#include <gtest/gtest.h>

namespace pushbench::study {
namespace {

TEST(Day, ServersFollowTheLoadOrStandForThePeak) {
  FamilyCost cost;
  cost.family = "websocket";
  cost.delivery_cpu_s = {10e-6, 10e-6, 10e-6, Estimate::State::kGiven};
  Workload w;
  w.clients = 100'000;
  w.events_per_client_per_s = 10;  // 10 cores; 4 servers hold 9.6, so 5
  const std::vector<double> shares{1, 0.5, 0.25, 0.1};
  const Day day = day_of(w, websocket_cell(), cost, std::nullopt, {}, {}, shares, 1);
  EXPECT_EQ(day.servers_peak, 6);
  EXPECT_EQ(day.servers_least, 2);
  // 5, 3, 2 and 1 servers, each with one to spare, for six hours.
  EXPECT_NEAR(day.server_hours, (6 + 4 + 3 + 2) * 6, 1e-9);
  EXPECT_NEAR(day.server_hours_fixed(), 144, 1e-9);
  EXPECT_NEAR(day.deliveries, 1e6 * 1.85 * 6 * 3600, 1);
  EXPECT_GT(day.sent_bytes, day.deliveries * 128);
}

}  // namespace
}  // namespace pushbench::study
