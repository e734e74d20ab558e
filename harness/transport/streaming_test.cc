// What only streams do: their start, their end, gaps, comments, silence.
#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"
#include "harness/wire/chunk.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

std::string chunk(std::string_view data) {
  std::string out;
  wire::append_chunk(out, data);
  return out;
}

class Streams : public testing::TestWithParam<std::string> {
 protected:
  static bool sse() { return GetParam() == "sse"; }
  static RigOptions options(std::optional<std::uint64_t> cursor = {}) {
    return {strategy_of("streaming", GetParam()), cursor, {}, 16 * 1024};
  }
  static std::string head(const std::string& more = "Pushbench-Seq: 5\r\n") {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: {}\r\n{}Transfer-Encoding: chunked\r\n\r\n",
        sse() ? "text/event-stream" : "application/x-ndjson", more);
  }
  static std::string event(std::uint64_t seq) {
    return sse() ? fmt::format("id: {}\ndata: e{}\n\n", seq, seq)
                 : fmt::format("{{\"seq\":{},\"data\":\"e{}\"}}\n", seq, seq);
  }
  static std::string gap() {
    return sse() ? "event: gap\nid: 9\ndata: {\"oldest\":10,\"newest\":20}\n\n"
                 : "{\"gap\":{\"oldest\":10,\"newest\":20}}\n";
  }
};

TEST_P(Streams, BeginNowAndKnowWhere) {
  Rig rig(options(), {{expect_head(), send(head()), silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return !rig.sink.subscribed.empty(); }));
  EXPECT_EQ(rig.subscription->cursor.seq, 5U);
  EXPECT_EQ(rig.got().find("after="), std::string::npos);
  EXPECT_EQ(rig.got().find("Last-Event-ID"), std::string::npos);
  rig.settle();
  EXPECT_EQ(rig.subscription->deadline, rig.time.now() + rig.options.limits.silence_timeout);
  EXPECT_EQ(rig.sink.down.head, head().size());
  rig.finish();
  EXPECT_EQ(rig.sink.answers.size(), 0U);
}

TEST_P(Streams, TheLastChunkIsGoingAway) {
  Rig rig(options(), {{expect_head(), send(head() + chunk(event(6)) + "0\r\n\r\n"), silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kGoingAway);
  EXPECT_EQ(rig.sink.closes, std::vector<error_code>{Errc::kGoingAway});
  EXPECT_EQ(rig.sink.events, std::vector<std::string>{"e6"});
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
}

TEST_P(Streams, TheLastChunkInTheMiddleOfAnEventIsACut) {
  const std::string half = event(6).substr(0, 8);
  Rig rig(options(), {{expect_head(), send(head() + chunk(half) + "0\r\n\r\n"), silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kTruncated);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
  EXPECT_EQ(rig.sink.down.payload, 0U);
}

TEST_P(Streams, AGapIsToldAndMovesTheCursor) {
  Rig rig(options(3),
          {{expect_head(), send(head("Pushbench-Seq: 9\r\n") + chunk(gap()) + chunk(event(10)))}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 1; }));
  EXPECT_EQ(rig.sink.gaps, 1);
  EXPECT_EQ(rig.subscription->cursor.seq, 10U);
  rig.settle();
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
}

TEST_P(Streams, EventsNeedNotMatchChunks) {
  const std::string body = event(6) + event(7) + event(8);
  const std::string chunks =
      chunk(body.substr(0, 10)) + chunk(body.substr(10, 30)) + chunk(body.substr(40));
  Rig rig(options(), {{expect_head(), send_bytewise(head() + chunks)}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 3; }));
  rig.settle();
  EXPECT_EQ(rig.sink.down.payload, 6U);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
}

TEST_P(Streams, SilenceEndsAtItsDeadlineAndBytesPushItOff) {
  Rig rig(options(), {{expect_head(), send(head()), expect_bytes(1), send(chunk(event(6)))}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return !rig.sink.subscribed.empty(); }));
  rig.settle();
  rig.time.advance(std::chrono::seconds(60));
  error_code ec;
  rig.subscription->stream.write_some("x", ec);
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 1; }));
  rig.settle();
  EXPECT_EQ(rig.subscription->deadline, rig.time.now() + rig.options.limits.silence_timeout);
  rig.subscription->stream.expire();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kTimeout);
}

TEST_P(Streams, AMalformedEventIsABadEvent) {
  const std::string bad = sse() ? "id: six\ndata: x\n\n" : "{\"seq\":\"six\"}\n";
  Rig rig(options(), {{expect_head(), send(head() + chunk(event(6)) + chunk(bad)), silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(fault_of(*rig.result), Fault::kBadEvent);
  EXPECT_EQ(rig.sink.events.size(), 1U);
}

// Every malformed byte would become three, more than the socket carried.
TEST_P(Streams, TextThatIsNotUtf8IsABadEvent) {
  const std::string junk(500, '\xff');
  const std::string bad =
      sse() ? "id: 7\ndata: " + junk + "\n\n" : "{\"seq\":7,\"data\":\"" + junk + "\"}\n";
  const std::string bytes = head() + chunk(event(6)) + chunk(bad + event(8));
  for (const Step& step : {send(bytes), send_bytewise(bytes)}) {
    Rig rig(options(), {{expect_head(), step, silence()}});
    rig.start();
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(fault_of(*rig.result), Fault::kBadEvent);
    EXPECT_EQ(rig.sink.events, std::vector<std::string>{"e6"});
    rig.finish();
  }
}

TEST_P(Streams, AnEndlessLineReachesItsLimit) {
  const std::string endless = "data: " + std::string(1024 * 1024, 'x');
  Script script{expect_head(), send(head() + chunk(endless))};
  for (int i = 0; i < 9; ++i) {
    script.push_back(send(chunk(endless)));
  }
  Rig rig(options(), {script});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(fault_of(*rig.result), Fault::kLimit);
}

INSTANTIATE_TEST_SUITE_P(Encodings,
                         Streams,
                         testing::Values("chunked", "sse"),
                         [](const auto& row) { return row.param; });

TEST(Sse, CommentsAreFramingAndReportedAtOnce) {
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  Rig rig({strategy_of("streaming", "sse"), {}, {}, 1024},
          {{expect_head(), send(head + chunk(":\n\n"))}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.down.framing > 0; }));
  rig.settle();
  EXPECT_EQ(rig.sink.down.framing, 8U);
  EXPECT_TRUE(rig.sink.events.empty());
}

}  // namespace
}  // namespace pushbench::transport
