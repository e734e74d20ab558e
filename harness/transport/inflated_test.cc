// What comes compressed, in every strategy: the question, the split of its bytes, what is counted
// when it comes uncompressed, and what is refused.
#include "harness/transport/inflated.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"
#include "harness/wire/chunk.h"
#include "harness/wire/permessage_deflate.h"
#include "harness/wire/sse.h"
#include "harness/wire/websocket.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

constexpr std::uint64_t kAroundMember = 18;

RigOptions compressed(const std::string& strategy, const std::string& encoding = "chunked") {
  plan::StrategySpec spec = strategy_of(strategy, encoding);
  spec.compression = strategy == "websocket" ? "permessage-deflate" : "gzip";
  return {spec, 5, {}, 16 * 1024};
}

std::string event_line_of(std::uint64_t seq, std::string_view text) {
  return fmt::format("{{\"seq\":{},\"data\":\"{}\"}}\n", seq, text);
}

std::string in_chunk(std::string_view data) {
  std::string out;
  wire::append_chunk(out, data);
  return out;
}

std::string member(std::string_view text) {
  return std::string(wire::Deflater().gzip(text));
}

std::string block(std::string_view text) {
  return std::string(wire::Deflater().block(text));
}

std::string poll_answer(const std::string& body, const std::string& coding = "gzip") {
  return http_answer(
      "200 OK",
      "Content-Type: application/x-ndjson\r\nETag: \"7\"\r\nContent-Encoding: " + coding + "\r\n",
      body);
}

std::string gzip_stream_head(bool sse, const std::string& coding = "Content-Encoding: gzip\r\n") {
  return fmt::format("HTTP/1.1 200 OK\r\nContent-Type: {}\r\n{}Transfer-Encoding: chunked\r\n\r\n",
                     sse ? "text/event-stream" : "application/x-ndjson", coding);
}

std::string deflated_message(std::string_view text) {
  wire::Deflater deflater;
  std::string out;
  wire::append_compressed(out, wire::Opcode::kText, deflater.message(text));
  return out;
}

std::string agreed(std::string_view extensions) {
  return fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {{accept}}\r\nSec-WebSocket-Extensions: {}\r\n\r\n",
      extensions);
}

const std::string kTwoEvents =
    event_line_of(6, "one one one one") + event_line_of(7, "two two two two");

class CompressedPolls : public testing::TestWithParam<std::string> {};

TEST_P(CompressedPolls, AskForItAndSplitTheBytes) {
  const std::string body = member(kTwoEvents);
  for (const bool slowly : {false, true}) {
    const std::string answer = poll_answer(body);
    Rig rig(compressed(GetParam()),
            {{expect_head(), slowly ? send_bytewise(answer) : send(answer), silence()}});
    rig.start();
    ASSERT_TRUE(rig.answered(1));
    EXPECT_NE(rig.got().find("\r\nAccept-Encoding: gzip\r\n"), std::string::npos);
    EXPECT_EQ(rig.sink.events, (std::vector<std::string>{"one one one one", "two two two two"}));
    EXPECT_EQ(rig.sink.down.head, answer.size() - body.size());
    EXPECT_EQ(rig.sink.down.framing, kAroundMember) << slowly;
    EXPECT_EQ(rig.sink.down.payload, body.size() - kAroundMember) << slowly;
    EXPECT_EQ(rig.sink.spelling.event_text, 30U);
    EXPECT_EQ(rig.sink.spelling.uncompressed, 0U);
    rig.finish();
  }
}

TEST_P(CompressedPolls, WhatComesUncompressedIsReadAndCounted) {
  Rig rig(compressed(GetParam()), {{expect_head(), send(poll_answer(kTwoEvents, "identity")),
                                    expect_head(), send(no_content(7)), silence()}});
  rig.start();
  ASSERT_TRUE(rig.answered(1));
  EXPECT_EQ(rig.sink.events.size(), 2U);
  EXPECT_EQ(rig.sink.down.payload, 30U);
  EXPECT_EQ(rig.sink.spelling.uncompressed, 1U);
  EXPECT_EQ(rig.sink.spelling.event_text, 0U);
  rig.finish();
}

TEST_P(CompressedPolls, WhatCannotBeReadIsRefused) {
  const std::string body = member(kTwoEvents);
  std::string damaged = body;
  damaged[body.size() - 6] ^= 1;
  const struct {
    std::string answer;
    Errc error;
  } cases[] = {{poll_answer(body, "br"), Errc::kBadEvent},
               {poll_answer(damaged), Errc::kBadEvent},
               {poll_answer("not gzip at all"), Errc::kBadEvent},
               {poll_answer(body + "behind"), Errc::kBadEvent},
               {poll_answer(body.substr(0, body.size() - 3)), Errc::kTruncated}};
  for (const auto& c : cases) {
    Rig rig(compressed(GetParam()), {{expect_head(), send(c.answer), silence()}});
    rig.start();
    ASSERT_TRUE(rig.ended()) << c.answer;
    EXPECT_EQ(*rig.result, c.error) << c.answer;
    EXPECT_EQ(rig.sink.down.total(), rig.seen().sent) << c.answer;
  }
}

INSTANTIATE_TEST_SUITE_P(Inflated,
                         CompressedPolls,
                         testing::Values("polling", "long-polling"),
                         [](const auto& tested) {
                           return tested.param == "polling" ? "Polling" : "LongPolling";
                         });

class CompressedStreams : public testing::TestWithParam<std::string> {
 protected:
  static bool sse() { return GetParam() == "sse"; }
  static std::string event(std::uint64_t seq, std::string_view text) {
    return sse() ? fmt::format("id: {}\ndata: {}\n\n", seq, text) : event_line_of(seq, text);
  }
};

TEST_P(CompressedStreams, EveryBlockIsAnEventAtOnce) {
  const std::string first = block(event(6, "one one one one"));
  const std::string second = block(event(7, "two two two two"));
  for (const bool slowly : {false, true}) {
    const std::string bytes = gzip_stream_head(sse()) + in_chunk(wire::kGzipHead) +
                              in_chunk(first) + in_chunk(second) + in_chunk(wire::kLastBlock) +
                              "0\r\n\r\n";
    Rig rig(compressed("streaming", GetParam()),
            {{expect_head(), slowly ? send_bytewise(bytes) : send(bytes), silence()}});
    rig.start();
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(*rig.result, Errc::kGoingAway);
    EXPECT_EQ(rig.sink.events, (std::vector<std::string>{"one one one one", "two two two two"}));
    EXPECT_EQ(rig.sink.down.payload, first.size() + second.size() + wire::kLastBlock.size());
    EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
    EXPECT_EQ(rig.sink.spelling.event_text, 30U);
    EXPECT_EQ(rig.sink.spelling.uncompressed, 0U);
  }
}

TEST_P(CompressedStreams, AWindowOfTheServerIsKept) {
  // One run of blocks that refer to what came before, as servers flush them that keep a state.
  wire::Deflater deflater;
  const std::string text = event(6, "one one one one") + event(7, "one one one one");
  Rig rig(compressed("streaming", GetParam()),
          {{expect_head(), send(gzip_stream_head(sse()) + in_chunk(member(text)) + "0\r\n\r\n"),
            silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(rig.sink.events.size(), 2U);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
}

TEST_P(CompressedStreams, OneThatComesUncompressedIsCountedOnce) {
  Rig rig(compressed("streaming", GetParam()),
          {{expect_head(),
            send(gzip_stream_head(sse(), "") + in_chunk(event(6, "a")) + in_chunk(event(7, "b"))),
            silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 2; }));
  rig.settle();
  EXPECT_EQ(rig.sink.spelling.uncompressed, 1U);
  EXPECT_EQ(rig.sink.down.payload, 2U);
  rig.finish();
}

INSTANTIATE_TEST_SUITE_P(Inflated,
                         CompressedStreams,
                         testing::Values("chunked", "sse"),
                         [](const auto& tested) { return tested.param; });

TEST(Inflated, CommentsAreFraming) {
  const std::string comment = in_chunk(block(wire::kSseComment));
  Rig rig(
      compressed("streaming", "sse"),
      {{expect_head(), send(gzip_stream_head(true) + in_chunk(wire::kGzipHead) + comment + comment),
        silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.spelling.heartbeats == 2; }));
  EXPECT_EQ(rig.sink.spelling.heartbeat_bytes, 2 * comment.size());
  EXPECT_EQ(rig.sink.down.payload, 0U);
  rig.finish();
}

TEST(Inflated, WebSocketMessages) {
  const std::string text = "an event, an event, an event";
  const std::string message = deflated_message(text);
  std::string plain;
  wire::append_frame(plain, wire::Opcode::kText, "ab");
  const std::string answer = agreed(wire::kDeflateOffer);
  Rig rig(compressed("websocket"), {{expect_head(), send(answer + message + plain), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 2; }));
  rig.settle();
  EXPECT_NE(
      rig.got().find(fmt::format("\r\nSec-WebSocket-Extensions: {}\r\n", wire::kDeflateOffer)),
      std::string::npos);
  EXPECT_EQ(rig.sink.events, (std::vector<std::string>{text, "ab"}));
  EXPECT_EQ(rig.sink.down.framing, 4U);
  EXPECT_EQ(rig.sink.down.payload, message.size() - 2 + 2);
  EXPECT_EQ(rig.sink.spelling.event_text, text.size() + 2);
  EXPECT_EQ(rig.sink.spelling.uncompressed, 1U);  // the second
  rig.finish();
}

TEST(Inflated, AWebSocketServerMayDecline) {
  std::string plain;
  wire::append_frame(plain, wire::Opcode::kText, "ab");
  Rig rig(compressed("websocket"), {{expect_head(), send(upgrade_answer() + plain), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 1; }));
  rig.settle();
  EXPECT_EQ(rig.sink.spelling.uncompressed, 1U);
  EXPECT_EQ(rig.sink.down.payload, 2U);
  rig.finish();
}

TEST(Inflated, AnAnswerThatWasNotOfferedIsRefused) {
  Rig rig(
      compressed("websocket"),
      {{expect_head(), send(agreed("permessage-deflate; client_max_window_bits=9")), silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kBadHead);
}

TEST(Inflated, AMessageThatInflatesBeyondTheBoundIsRefused) {
  RigOptions options = compressed("websocket");
  options.limits.max_message = 10'000;
  Rig rig(options, {{expect_head(),
                     send(agreed(wire::kDeflateOffer) + deflated_message(std::string(10'001, 'x'))),
                     silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kLimit);
  EXPECT_TRUE(rig.sink.events.empty());
}

}  // namespace
}  // namespace pushbench::transport
