// What only long-polling does: the first question, the next one at once, the hold.
#include "harness/transport/test_rig.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

RigOptions long_polling(std::optional<std::uint64_t> cursor = {}) {
  return {strategy_of("long-polling"), cursor, {}, 16 * 1024};
}

std::string one_event(std::uint64_t seq, const std::string& extra = "") {
  return http_answer(
      "200 OK", fmt::format("Content-Type: application/x-ndjson\r\nETag: \"{}\"\r\n{}", seq, extra),
      fmt::format("{{\"seq\":{},\"data\":\"e{}\"}}\n", seq, seq));
}

TEST(LongPolling, LearnsItsPlaceFirstThenAsksAgainAtOnce) {
  Rig rig(long_polling(), {{expect_head(), send(no_content(5)), expect_head(), send(one_event(6)),
                            expect_head(), send(no_content(6)), expect_head(), silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(3));
  EXPECT_EQ(rig.got(),
            "GET /poll/room?after=latest HTTP/1.1\r\nHost: peer.test\r\n\r\n"
            "GET /long-poll/room?after=5&hold=25s HTTP/1.1\r\nHost: peer.test\r\n\r\n"
            "GET /long-poll/room?after=6&hold=25s HTTP/1.1\r\nHost: peer.test\r\n\r\n"
            "GET /long-poll/room?after=6&hold=25s HTTP/1.1\r\nHost: peer.test\r\n\r\n");
  EXPECT_EQ(rig.sink.answers, (std::vector<std::size_t>{0, 1, 0}));
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
  EXPECT_EQ(rig.sink.requests, 4U);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
  rig.finish();
  EXPECT_EQ(rig.sink.opened, 1U);
}

TEST(LongPolling, DeadlineOfTheFirstQuestion) {
  Rig rig(long_polling(), {{expect_head(), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 1; }));
  EXPECT_EQ(rig.subscription->deadline, rig.time.now() + rig.options.limits.answer_timeout);
}

TEST(LongPolling, DeadlineOfAHeldQuestion) {
  Rig rig(long_polling(), {{expect_head(), send(no_content(5)), expect_head(), silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 2; }));
  EXPECT_EQ(rig.subscription->deadline,
            rig.time.now() + rig.options.strategy.hold + rig.options.limits.answer_timeout);
}

TEST(LongPolling, AConnectionThatTheServerEndsIsOpenedAgain) {
  Rig rig(long_polling(5),
          {{expect_head(), send(one_event(6, "Connection: close\r\n")), close_now()},
           {expect_head(), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 2; }));
  rig.settle();
  EXPECT_EQ(rig.sink.closes, std::vector{error_code()});
  EXPECT_NE(rig.got(1).find("after=6&"), std::string::npos);
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
}

TEST(LongPolling, AGapIsToldAndTheNextQuestionGoesOnFromTheOldest) {
  Rig rig(long_polling(3),
          {{expect_head(),
            send(http_answer("410 Gone", "", "{\"gap\":{\"oldest\":10,\"newest\":20}}\n")),
            expect_head(), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 2; }));
  rig.settle();
  EXPECT_EQ(rig.sink.gaps, 1);
  EXPECT_NE(rig.got().find("after=9&"), std::string::npos);
}

TEST(LongPolling, AnEventOfManyReadsIsOneEvent) {
  const std::string big(100'000, 'x');
  const std::string body = "{\"seq\":6,\"data\":\"" + big + "\"}\n";
  RigOptions options = long_polling(5);
  options.read_buffer = 1024;
  Rig rig(options, {{expect_head(),
                     send(http_answer("200 OK", "Content-Type: application/x-ndjson\r\n", body)),
                     silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.events, std::vector{big});
  EXPECT_EQ(rig.sink.down.payload, big.size());
  EXPECT_EQ(rig.sink.down.framing, body.size() - big.size());
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
}

}  // namespace
}  // namespace pushbench::transport
