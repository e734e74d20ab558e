// The whole, with real servers, is in harness/e2e.
#include "harness/app/captured.h"
#include "harness/app/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

using ::testing::HasSubstr;

TEST(SelftestCommand, SaysTheFloorFirstAndNamesAServerThatDoesNotStart) {
  const Captured captured;
  const int code =
      selftest_command({.quick = true, .server_program = "/bin/false"}, captured.streams());
  EXPECT_EQ(code, 1);
  EXPECT_THAT(captured.out(), HasSubstr("latency p50 "));
  EXPECT_THAT(captured.out(), HasSubstr("of processor time a delivery"));
  EXPECT_THAT(captured.err(), HasSubstr("/bin/false did not start listening"));
}

}  // namespace
}  // namespace pushbench::app
