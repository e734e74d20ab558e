#include "harness/app/advise_questions.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

// What a user types, and what is said meanwhile.
struct Typed {
  explicit Typed(const std::string& lines) : in(std::tmpfile()) {
    std::fputs(lines.c_str(), in);
    std::rewind(in);
  }
  ~Typed() { std::fclose(in); }
  Typed(const Typed&) = delete;
  Typed& operator=(const Typed&) = delete;
  std::FILE* in;
  Captured screen;
};

TEST(AdviseQuestions, EmptyAnswersTakeTheDefaultsAndFlagsAreNotAskedFor) {
  const Typed typed("2/s\n300ms\n\n\n50\n\n\n\n");
  AdviseArguments given;
  given.clients = "5000";
  // Seven questions: clients are given.
  const auto answered = ask_for(given, typed.in, typed.screen.streams().err);
  ASSERT_TRUE(answered) << answered.error().text;
  EXPECT_EQ(answered->events_per_client, "2/s");
  EXPECT_EQ(answered->staleness, "300ms");
  EXPECT_EQ(answered->payload, "128B");
  EXPECT_EQ(answered->clients, "5000");
  EXPECT_EQ(typed.screen.err().find("at the same time"), std::string::npos);
  EXPECT_TRUE(read_needs(*answered));
}

TEST(AdviseQuestions, AnAnswerThatCannotBeReadIsAskedForAgainThreeTimes) {
  const Typed better("often\n2/s\n300ms\n\n\n\n\n\n\n");
  EXPECT_TRUE(ask_for({}, better.in, better.screen.streams().err));
  EXPECT_NE(better.screen.err().find("expected a rate"), std::string::npos);
  const Typed never("often\nrarely\nnever\n2/s\n");
  EXPECT_FALSE(ask_for({}, never.in, never.screen.streams().err));
  const Typed ended("2/s\n");
  const auto failed = ask_for({}, ended.in, ended.screen.streams().err);
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().text.find("ended before the questions"), std::string::npos);
}

TEST(AdviseQuestions, FlagsBecomeNeeds) {
  AdviseArguments a;
  a.events_per_client = "6/min";
  a.staleness = "2s";
  a.clients = "1000";
  a.fan_out = "all";
  a.rtt = "80ms";
  a.upstream = "0.5/s";
  a.proxy = {"buffers", "idle=60s"};
  a.browsers = "old";
  const auto needs = read_needs(a);
  ASSERT_TRUE(needs) << needs.error().text;
  EXPECT_NEAR(needs->workload.events_per_client_per_s, 0.1, 1e-12);
  EXPECT_EQ(needs->workload.fan_out, 1000);
  EXPECT_NEAR(needs->workload.one_way_s, 0.04, 1e-12);
  EXPECT_EQ(needs->workload.upstream_per_client_per_s, 0.5);
  EXPECT_TRUE(needs->proxy_buffers && needs->old_browsers && !needs->proxy_no_upgrade);
  EXPECT_EQ(needs->proxy_idle_s, 60);
}

TEST(AdviseQuestions, MistakesNameTheFlag) {
  const struct {
    void (*spoil)(AdviseArguments&);
    const char* says;
  } cases[] = {
      {[](AdviseArguments& a) { a.staleness = "soon"; }, "--staleness: expected a duration"},
      {[](AdviseArguments& a) { a.staleness = "0s"; }, "--staleness: nothing arrives"},
      {[](AdviseArguments& a) { a.staleness = "10ms"; },
       "--staleness: the way alone takes 25.0 ms"},
      {[](AdviseArguments& a) { a.fan_out = "20k"; }, "cannot go to 20,000 of 10,000"},
      {[](AdviseArguments& a) { a.rtt = "3s"; }, "--rtt: at most 2s"},
      {[](AdviseArguments& a) { a.upstream = "some"; }, "--upstream: expected a rate"},
      {[](AdviseArguments& a) { a.browsers = "netscape"; }, "--browsers: expected modern or old"},
      {[](AdviseArguments& a) { a.proxy = {"squid"}; }, "--proxy: expected none, buffers"},
      {[](AdviseArguments& a) { a.payload = "2MB"; }, "--payload: expected 16 B to 1 MiB"},
  };
  for (const auto& c : cases) {
    AdviseArguments a;
    c.spoil(a);
    const auto needs = read_needs(a);
    ASSERT_FALSE(needs) << c.says;
    EXPECT_NE(needs.error().text.find(c.says), std::string::npos) << needs.error().text;
  }
}

}  // namespace
}  // namespace pushbench::app
