// The tool against known faults, as a user runs it.
#include "harness/e2e/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

namespace pushbench::e2e {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

TEST(Selftest, EveryKnownFaultIsReportedExactly) {
  const auto run = run_pushbench({"selftest", "--quick"}, seconds(120));
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("latency p50 "));
  EXPECT_THAT(run.out, HasSubstr("24 of 24 match."));
  EXPECT_THAT(run.out, HasSubstr("10 cut by reset, 10 resumed, 0 lost"));
  EXPECT_EQ(run.err, "");
}

TEST(Selftest, CtrlCEndsItAndItsServer) {
  Process process({"selftest"});
  ASSERT_TRUE(process.wait_for_text("delay", seconds(20)));
  ASSERT_TRUE(process.wait_for_text("ok", seconds(20)));
  process.signal(SIGINT);
  const auto run = process.finish(seconds(20));
  EXPECT_EQ(run.code, 130) << run.err;
}

}  // namespace
}  // namespace pushbench::e2e
