#include "harness/app/size_command.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(SizeCommand, AnswersOnStandardOutput) {
  const Ran ran = run_words({"size", "--clients", "100k", "--events-per-client", "0.2/s", "--slo",
                             "latency.p99 < 2s", "--rtt", "50ms"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("20,000 deliveries"), std::string::npos) << ran.out;
  const Ran json =
      run_words({"size", "--clients", "100k", "--events-per-client", "0.2/s", "--format", "json"});
  EXPECT_TRUE(json.out.starts_with("{\n  \"schema\": \"pushbench.size/1\""));
}

TEST(SizeCommand, BoundsThatNoStrategyKeepsEndLikeACrossedThreshold) {
  // Half a million clients of one topic cannot be told one after the other in a millisecond.
  const Ran ran =
      run_words({"size", "--clients", "500k", "--fan-out", "500k", "--events-per-client", "100/s",
                 "--rtt", "1ms", "--slo", "latency.p99 < 501us", "--strategy", "long-polling"});
  EXPECT_EQ(ran.code, 99) << ran.out << ran.err;
  EXPECT_NE(ran.out.find("impossible"), std::string::npos);
}

TEST(SizeCommand, MistakesAreUsage) {
  const Ran ran = run_words({"size", "--clients", "10"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_TRUE(ran.err.starts_with("pushbench: size: say how many")) << ran.err;
}

}  // namespace
}  // namespace pushbench::app
