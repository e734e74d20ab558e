// What only polling does: its schedule, its connections, its first question.
#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

constexpr Nanos kInterval = std::chrono::seconds(1);

std::string events_answer(std::uint64_t seq, const std::string& extra = "") {
  const std::string body = fmt::format("{{\"seq\":{},\"data\":\"e{}\"}}\n", seq, seq);
  return http_answer(
      "200 OK", fmt::format("Content-Type: application/x-ndjson\r\nETag: \"{}\"\r\n{}", seq, extra),
      body);
}

RigOptions polling(bool new_connection = false) {
  plan::StrategySpec spec = strategy_of("polling");
  spec.interval = kInterval;
  spec.new_connection = new_connection;
  return {spec, {}, {}, 16 * 1024};
}

TEST(Polling, FirstAsksWhereTheTopicIsThenForWhatFollows) {
  Rig rig(polling(), {{expect_head(), send(no_content(5)), expect_head(), send(events_answer(6)),
                       expect_head(), send(no_content(6))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
  EXPECT_EQ(rig.subscription->cursor.seq, 5U);
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.answered(2));
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.answered(3));
  EXPECT_EQ(rig.sink.answers, (std::vector<std::size_t>{0, 1, 0}));
  EXPECT_EQ(rig.got(),
            "GET /poll/room?after=latest HTTP/1.1\r\nHost: peer.test\r\n\r\n"
            "GET /poll/room?after=5 HTTP/1.1\r\nHost: peer.test\r\n\r\n"
            "GET /poll/room?after=6 HTTP/1.1\r\nHost: peer.test\r\n\r\n");
  EXPECT_EQ(rig.sink.events, std::vector<std::string>{"e6"});
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
  rig.finish();
  EXPECT_EQ(rig.sink.opened, 1U);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
}

TEST(Polling, StartsToStartAndSkipsWhatFallsDueMeanwhile) {
  Rig rig(polling(), {{expect_head(), send(no_content(5)), expect_head()}, {silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 2; }));
  rig.settle();
  rig.time.advance(3 * kInterval);
  rig.settle();
  EXPECT_EQ(rig.sink.requests, 2U);
  EXPECT_EQ(rig.sink.skipped, 0);
  rig.finish();
  EXPECT_EQ(rig.result, error_code());
}

TEST(Polling, WithoutAnIntervalTheAnswerStartsTheNext) {
  RigOptions options = polling();
  options.strategy.interval = Nanos(0);
  Rig rig(options, {{expect_head(), send(no_content(5)), expect_head(), send(events_answer(6)),
                     expect_head(), send(no_content(6)), expect_head()},
                    {silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(3));  // without a step of the clock
  rig.settle();
  EXPECT_EQ(rig.sink.requests, 4U);
  EXPECT_EQ(rig.sink.skipped, 0);
  rig.finish();
  EXPECT_EQ(rig.result, error_code());
}

TEST(Polling, CountsSkippedStartsOnceTheAnswerIsIn) {
  Rig rig(polling(), {{expect_head(), expect_bytes(1), send(no_content(5))}, {silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 1; }));
  rig.settle();
  rig.time.advance(4 * kInterval);  // four starts fall due; the peer answers when poked
  rig.subscription->set_deadline(TimePoint::max());
  error_code ec;
  ASSERT_EQ(rig.subscription->stream.write_some("x", ec), 1U);
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.skipped, 4);
  rig.time.advance(kInterval);
  rig.settle();
  EXPECT_EQ(rig.sink.requests, 2U);
}

TEST(Polling, PhasesOfClientsDiffer) {
  std::set<TimePoint> starts;
  for (std::uint64_t id = 0; id < 20; ++id) {
    Rig rig(polling(), {{expect_head(), send(no_content(5))}});
    rig.subscription.emplace(*rig.shared, rig.sink, "room", nullptr, 1, id);
    rig.start();
    ASSERT_TRUE(rig.answered(1));
    starts.insert(rig.subscription->polls->from + rig.subscription->polls->schedule.next());
  }
  EXPECT_EQ(starts.size(), 20U);
}

TEST(Polling, NewConnectionForEveryPoll) {
  Rig rig(polling(true),
          {{expect_head(), send(no_content(5))},
           {expect_head(), send(events_answer(6, "Connection: close\r\n")), close_now()}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.closes.size(), 1U);
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.answered(2));
  EXPECT_EQ(rig.sink.opened, 2U);
  EXPECT_EQ(rig.sink.closes, (std::vector<error_code>{{}, {}}));
  EXPECT_TRUE(rig.seen(0).closed);
  EXPECT_NE(rig.got(1).find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
  rig.finish();
  EXPECT_EQ(rig.sink.down.total(), rig.seen(0).sent + rig.seen(1).sent);
  // The kernel's word on both, told as they closed.
  EXPECT_EQ(rig.sink.traffic.sockets, 2U);
  EXPECT_EQ(rig.sink.traffic.bytes_in, rig.sink.down.total());
  EXPECT_EQ(rig.sink.traffic.bytes_out, rig.sink.up.total());
}

TEST(Polling, AnAnswerUntilCloseEndsWithTheConnection) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nETag: \"6\"\r\n"
      "Connection: close\r\n\r\n{\"seq\":6,\"data\":\"x\"}\n";
  Rig rig(polling(), {{expect_head(), send(answer), close_now()}, {silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.events, std::vector<std::string>{"x"});
  EXPECT_EQ(rig.sink.closes, std::vector{error_code()});
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.opened == 2; }));
}

TEST(Polling, AServerThatClosesBetweenPollsIsNoFault) {
  Rig rig(polling(), {{expect_head(), send(no_content(5)), close_now()},
                      {expect_head(), send(no_content(5))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.answered(2));
  EXPECT_EQ(rig.sink.closes, std::vector<error_code>{Errc::kGoingAway});
  EXPECT_EQ(rig.sink.opened, 2U);
  rig.finish();
}

TEST(Polling, AfterACutTheScheduleGoesOn) {
  Rig rig(polling(), {{expect_head(), send(no_content(5)), expect_head(), reset_now()},
                      {expect_head(), send(no_content(5))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.ended());
  rig.start();
  rig.settle();
  EXPECT_EQ(rig.sink.opened, 1U);  // asking at once would show as a poll that is early
  EXPECT_EQ(rig.time.sleeping(), 1U);
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.answered(2));
  EXPECT_EQ(rig.sink.opened, 2U);
}

// Without a place in the topic there is nothing to wait for: it is not subscribed yet.
TEST(Polling, AFirstQuestionThatFailedIsAskedAgainAtOnce) {
  Rig rig(polling(), {{expect_head(), close_now()}, {expect_head(), send(no_content(5))}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  rig.start();
  ASSERT_TRUE(rig.answered(1));
}

TEST(Polling, NewAndKeptConnectionsHaveTheSamePatience) {
  for (const bool fresh : {false, true}) {
    Rig rig(polling(fresh), {{expect_head(), send(no_content(5)), expect_head(), silence()},
                             {expect_head(), silence()}});
    rig.start();
    ASSERT_TRUE(rig.answered(1));
    rig.time.advance(kInterval);
    ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 2; }));
    // From the start of the poll, which was within the interval that has passed.
    const Nanos left = rig.subscription->deadline - rig.time.now();
    EXPECT_GT(left, rig.options.limits.answer_timeout - kInterval);
    EXPECT_LE(left, rig.options.limits.answer_timeout);
  }
}

TEST(Polling, BytesNobodyAskedForAreAFault) {
  Rig rig(polling(), {{expect_head(), send(no_content(5) + "HTTP/1.1 200 OK\r\n")}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(fault_of(*rig.result), Fault::kBadHead);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
  EXPECT_TRUE(rig.sink.answers.empty());
}

TEST(Polling, AGapIsToldAndTheNextPollGoesOnFromTheOldest) {
  const std::string gap =
      http_answer("410 Gone", "Content-Type: application/x-ndjson\r\nETag: \"20\"\r\n",
                  "{\"gap\":{\"oldest\":10,\"newest\":20}}\n");
  RigOptions options = polling();
  options.cursor = 3;
  Rig rig(options, {{expect_head(), send(gap), expect_head(), send(events_answer(10))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.gaps, 1);
  EXPECT_EQ(rig.subscription->cursor.seq, 9U);
  rig.time.advance(kInterval);
  ASSERT_TRUE(rig.answered(2));
  EXPECT_NE(rig.got().find("after=9 "), std::string::npos);
  EXPECT_EQ(rig.sink.events, std::vector<std::string>{"e10"});
}

TEST(Polling, GoneWithoutAGapAndAFirstAnswerWithoutACursorAreBadEvents) {
  for (const std::string& answer :
       {http_answer("410 Gone", "", ""), http_answer("410 Gone", "", "so sorry\n"),
        std::string("HTTP/1.1 204 No Content\r\n\r\n")}) {
    Rig rig(polling(), {{expect_head(), send(answer)}});
    rig.start();
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(fault_of(*rig.result), Fault::kBadEvent) << answer;
    EXPECT_TRUE(rig.sink.subscribed.empty());
  }
}

TEST(Polling, NotModifiedIsAnEmptyAnswer) {
  Rig rig(polling(), {{expect_head(), send("HTTP/1.1 304 Not Modified\r\nETag: \"5\"\r\n\r\n")}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.answers, std::vector<std::size_t>{0});
}

TEST(Polling, StopsWhileItSleeps) {
  Rig rig(polling(), {{expect_head(), send(no_content(5))}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  ASSERT_EQ(rig.time.sleeping(), 1U);
  rig.finish();
  EXPECT_EQ(rig.result, error_code());
  EXPECT_EQ(rig.sink.closes, std::vector{error_code()});
}

TEST(Polling, ADrippingBodyEndsAtTheAnswersDeadline) {
  Rig rig(polling(), {{expect_head(), send(events_answer(6).substr(0, 90)), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.subscription->received != TimePoint(); }));
  rig.settle();
  EXPECT_EQ(rig.subscription->deadline, rig.time.now() + rig.options.limits.answer_timeout);
  rig.subscription->stream.expire();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kTimeout);
}

}  // namespace
}  // namespace pushbench::transport
