#include "harness/swarm/kernel_traffic.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using transport::SocketTraffic;

SocketTraffic of(std::uint64_t sockets, std::uint64_t segments, std::uint64_t rtt_us) {
  return {.sockets = sockets,
          .segments_out = segments,
          .segments_in = segments + 1,
          .bytes_out = segments * 100,
          .bytes_in = segments * 200,
          .ip_out_bytes = segments * 152,
          .ip_in_bytes = segments * 252,
          .retransmitted = segments / 10,
          .rtt_us = rtt_us};
}

TEST(KernelTraffic, SumsCanBeReadWhileTheyGrow) {
  ClosedSockets closed;
  EXPECT_EQ(closed.read(), SocketTraffic());
  closed.add(of(1, 10, 30));
  closed.add(of(1, 20, 50));
  auto both = of(1, 10, 30);
  both += of(1, 20, 50);
  EXPECT_EQ(closed.read(), both);
}

// One socket stayed, one closed in the window, one came and closed in it, one came and stayed.
TEST(KernelTraffic, WhateverOpensOrClosesInTheWindowIsCountedOnce) {
  TrafficMark start{.open = of(1, 10, 0), .closed = of(7, 700, 7000)};
  start.open += of(1, 20, 0);
  TrafficMark end{.open = of(1, 15, 40), .closed = start.closed};
  end.open += of(1, 4, 20);
  end.closed += of(1, 26, 30);
  end.closed += of(1, 8, 10);
  const auto traffic = traffic_between(start, end);
  ASSERT_TRUE(traffic);
  EXPECT_EQ(traffic->segments_out, 5U + 4U + 6U + 8U);
  EXPECT_EQ(traffic->segments_in, 23U + 2U);  // and one each of those that came
  EXPECT_EQ(traffic->bytes_out, 2300U);
  EXPECT_EQ(traffic->ip_in_bytes, 23U * 252U);
  EXPECT_EQ(traffic->rtt_mean_ns, 25'000U);
}

TEST(KernelTraffic, NothingOrLessThanNothingIsAbsent) {
  EXPECT_FALSE(traffic_between({}, {}));
  EXPECT_FALSE(
      traffic_between({.open = of(2, 20, 0), .closed = {}}, {.open = of(1, 10, 0), .closed = {}}));
}

}  // namespace
}  // namespace pushbench::swarm
