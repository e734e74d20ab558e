#include "harness/transport/replay.h"

#include "harness/transport/test_rig.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

constexpr Nanos kReplayInterval = std::chrono::seconds(1);
constexpr const char* kRequest = "GET /stock HTTP/1.1\r\nHost: elsewhere\r\nCookie: a=b\r\n\r\n";

RigOptions replaying() {
  plan::StrategySpec spec = strategy_of("polling");
  spec.interval = kReplayInterval;
  spec.request_head = kRequest;
  spec.response_head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
  spec.response_length = 5;
  return {spec, {}, {}, 16 * 1024};
}

std::string answer(const std::string& body) {
  return http_answer("200 OK", "", body);
}

TEST(ReplayedPolls, AreSentAsTheyStandAndABodyThatChangedIsAnEvent) {
  Rig rig(replaying(),
          {{expect_head(), send(answer("     ")), expect_head(), send(answer("one..")),
            expect_head(), send(answer("one..")), expect_head(), send(answer("two.."))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
  for (std::size_t polls = 2; polls <= 4; ++polls) {
    rig.time.advance(kReplayInterval);
    ASSERT_TRUE(rig.answered(polls));
  }
  EXPECT_EQ(rig.got(), std::string(kRequest) + kRequest + kRequest + kRequest);
  EXPECT_EQ(rig.sink.events, (std::vector<std::string>{"one..", "two.."}));
  EXPECT_EQ(rig.sink.answers, (std::vector<std::size_t>{0, 1, 0, 1}));
  EXPECT_EQ(rig.sink.down.payload, 10U);
  EXPECT_EQ(rig.sink.down.framing, 10U);  // blanks, and what was repeated
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
  rig.finish();
}

TEST(ReplayedPolls, WhatWasThereBeforeIsNoNews) {
  Rig rig(replaying(),
          {{expect_head(), send(answer("old..")), expect_head(), send(answer("new.."))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_TRUE(rig.sink.events.empty());
  rig.time.advance(kReplayInterval);
  ASSERT_TRUE(rig.answered(2));
  EXPECT_EQ(rig.sink.events, std::vector<std::string>{"new.."});
  rig.finish();
}

TEST(ReplayedPolls, OtherAnswersAreRefused) {
  for (const std::string& bad :
       {http_answer("404 Not Found", "", "gone"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")}) {
    Rig rig(replaying(), {{expect_head(), send(bad)}});
    rig.start();
    EXPECT_TRUE(rig.until([&rig] { return !rig.sink.closes.empty(); })) << bad;
    EXPECT_TRUE(rig.sink.subscribed.empty()) << bad;
    rig.finish();
  }
}

}  // namespace
}  // namespace pushbench::transport
