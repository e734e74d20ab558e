#include "harness/app/injecting_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(InjectingServer, ReadsWhatWasInjectedFromMetrics) {
  const auto counts = parse_injected(
      "HTTP/1.1 200 OK\r\n\r\n# TYPE pushbench_injected counter\n"
      "pushbench_injected_total{name=\"delay\"} 0\n"
      "pushbench_injected_total{name=\"lose\"} 14\npushbench_topics 1\n"
      "pushbench_injected_total{name=\"cut\"} 30\n# EOF\n");
  EXPECT_EQ(counts, (InjectedCounts{{"delay", 0}, {"lose", 14}, {"cut", 30}}));
}

TEST(InjectingServer, MetricsWithoutInjectionHaveNoCounts) {
  EXPECT_TRUE(parse_injected("").empty());
  EXPECT_TRUE(parse_injected("pushbench_topics 1\n").empty());
  EXPECT_TRUE(parse_injected("pushbench_injected_total{name=\"lo").empty());
}

TEST(InjectingServer, AProgramThatDoesNotListenIsAFailure) {
  const auto server =
      InjectingServer::start("/bin/false", "lose=every:10", ::testing::TempDir() + "inject.log");
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ExitCode::kCouldNotRun);
}

}  // namespace
}  // namespace pushbench::app
