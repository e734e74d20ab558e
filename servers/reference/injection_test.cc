#include "servers/reference/injection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::servers {
namespace {

using testing::HasSubstr;

std::string refusal_of(std::string_view spec) {
  Injection injection;
  const auto taken = add_injection(spec, injection);
  if (!taken.has_error()) {
    return "taken";
  }
  EXPECT_EQ(taken.error().code, ExitCode::kUsage);
  return taken.error().text;
}

TEST(Injection, NothingIsInjectedUnlessAsked) {
  EXPECT_FALSE(Injection().any());
}

TEST(Injection, WordsAreTakenOneByOneAndTogether) {
  Injection injection;
  ASSERT_TRUE(add_injection("delay=20ms,stall=1s@3s,lose=every:10", injection).has_value());
  ASSERT_TRUE(add_injection("duplicate=every:11,reorder=every:12", injection).has_value());
  ASSERT_TRUE(add_injection("truncate=every:50,rate=5000/s", injection).has_value());
  EXPECT_TRUE(injection.any());
  EXPECT_EQ(injection.delay, Millis(20));
  EXPECT_EQ(injection.stall, Millis(1000));
  EXPECT_EQ(injection.stall_after, Millis(3000));
  EXPECT_EQ(injection.rate, 5000U);
  EXPECT_EQ(injection.lose, 10U);
  EXPECT_EQ(injection.duplicate, 11U);
  EXPECT_EQ(injection.reorder, 12U);
  EXPECT_EQ(injection.truncate, 50U);
}

TEST(Injection, ABusyWaitIsATimeOrAShare) {
  Injection injection;
  ASSERT_TRUE(add_injection("busy=500ns,header=1", injection).has_value());
  EXPECT_EQ(injection.busy, Nanos(500));
  EXPECT_EQ(injection.header, 1U);
  EXPECT_TRUE(injection.slows());
  injection = {};
  ASSERT_TRUE(add_injection("busy=2us", injection).has_value());
  EXPECT_EQ(injection.busy, Nanos(2000));
  injection = {};
  ASSERT_TRUE(add_injection("busy=10%", injection).has_value());
  EXPECT_EQ(injection.busy, Nanos(0));
  EXPECT_DOUBLE_EQ(injection.busy_share, 0.1);
  EXPECT_TRUE(injection.slows());
}

TEST(Injection, EachWordAloneIsSomething) {
  for (const char* spec :
       {"delay=1ms", "stall=1s@0s", "rate=1/s", "lose=every:1", "duplicate=every:1",
        "reorder=every:1", "truncate=every:1", "busy=1ns", "busy=1%", "header=1"}) {
    Injection injection;
    ASSERT_TRUE(add_injection(spec, injection).has_value()) << spec;
    EXPECT_TRUE(injection.any()) << spec;
  }
}

TEST(Injection, MistakesAreNamedWithWhatWasMeant) {
  EXPECT_THAT(refusal_of("dealy=20ms"), HasSubstr("unknown word 'dealy', did you mean 'delay'?"));
  EXPECT_THAT(refusal_of("loose=every:10"), HasSubstr("did you mean 'lose'?"));
  EXPECT_THAT(refusal_of(""), HasSubstr("words: delay, stall, rate"));
  EXPECT_THAT(refusal_of("delay=20ms,"), HasSubstr("unknown word ''"));
  EXPECT_THAT(refusal_of("delay=1ms,delay=2ms"), HasSubstr("delay comes twice"));
  EXPECT_THAT(refusal_of("\x1b[31m=1"), HasSubstr("\\x1b"));
}

TEST(Injection, ValuesThatMakeNoSenseAreRefused) {
  for (const char* spec :
       {"delay",         "delay=",      "delay=0ms", "delay=61s",   "delay=20",     "stall=1s",
        "stall=@3s",     "stall=0s@3s", "lose=10",   "lose=every:", "lose=every:0", "lose=every:-1",
        "lose=every:1x", "busy=",       "busy=0ns",  "busy=500",    "busy=2000us",  "busy=0%",
        "busy=1001%",    "busy=-1ns",   "header=0",  "header=65",   "header=x",     "header="}) {
    EXPECT_THAT(refusal_of(spec), HasSubstr("it is written like")) << spec;
  }
}

}  // namespace
}  // namespace pushbench::servers
