#include "servers/reference/limits.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

TEST(Limits, DefaultsAgreeWithEachOther) {
  EXPECT_TRUE(check_limits(Limits{}).has_value());
}

TEST(Limits, ALogThatCannotHoldOneEventIsRefused) {
  Limits limits;
  limits.log_bytes = limits.max_event - 1;
  const auto result = check_limits(limits);
  ASSERT_TRUE(result.has_error());
  EXPECT_NE(result.error().text.find("log_bytes"), std::string::npos);
  limits = {};
  limits.log_events = 0;
  EXPECT_TRUE(check_limits(limits).has_error());
}

TEST(Limits, HoldAndHeadBoundsAreChecked) {
  Limits limits;
  limits.hold_default = limits.hold_max + Millis(1);
  EXPECT_TRUE(check_limits(limits).has_error());
  limits = {};
  limits.max_head = wire::kMaxHead + 1;
  EXPECT_TRUE(check_limits(limits).has_error());
  limits = {};
  limits.requests_per_turn = 0;
  EXPECT_TRUE(check_limits(limits).has_error());
}

}  // namespace
}  // namespace pushbench::servers
