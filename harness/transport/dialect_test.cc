#include "harness/transport/dialect.h"

#include "harness/transport/test_rig.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

const Dialect& native() {
  return *find_dialect("native");
}

std::string request(const plan::StrategySpec& strategy,
                    std::optional<std::uint64_t> cursor,
                    std::string_view prefix = "") {
  std::string out;
  native().append_request(out, "h:1", prefix, strategy, "t", Cursor{cursor}, "KEY");
  return out;
}

TEST(Dialect, TableFindsItsRows) {
  for (const Dialect& dialect : dialects()) {
    EXPECT_EQ(find_dialect(dialect.name), &dialect);
  }
  EXPECT_EQ(find_dialect("klingon"), nullptr);
}

TEST(Dialect, RequestsToTheByte) {
  EXPECT_EQ(request(strategy_of("polling"), {}),
            "GET /poll/t?after=latest HTTP/1.1\r\nHost: h:1\r\n\r\n");
  EXPECT_EQ(request(strategy_of("polling"), 0, "/push"),
            "GET /push/poll/t?after=0 HTTP/1.1\r\nHost: h:1\r\n\r\n");
  EXPECT_EQ(request(strategy_of("long-polling"), {}),
            "GET /poll/t?after=latest HTTP/1.1\r\nHost: h:1\r\n\r\n");
  EXPECT_EQ(request(strategy_of("long-polling"), 7),
            "GET /long-poll/t?after=7&hold=25s HTTP/1.1\r\nHost: h:1\r\n\r\n");
  EXPECT_EQ(request(strategy_of("streaming"), {}), "GET /stream/t HTTP/1.1\r\nHost: h:1\r\n\r\n");
  EXPECT_EQ(request(strategy_of("streaming", "sse"), 7),
            "GET /sse/t HTTP/1.1\r\nHost: h:1\r\nAccept: text/event-stream\r\n"
            "Last-Event-ID: 7\r\n\r\n");
  EXPECT_EQ(request(strategy_of("websocket"), 7),
            "GET /ws/t?after=7 HTTP/1.1\r\nHost: h:1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: KEY\r\nSec-WebSocket-Version: 13\r\n\r\n");
}

TEST(Dialect, CompressionIsAskedFor) {
  const auto packed = [](const char* strategy, const char* encoding = "chunked") {
    auto spec = strategy_of(strategy, encoding);
    spec.compression = "gzip";
    return spec;
  };
  EXPECT_EQ(request(packed("polling"), 3),
            "GET /poll/t?after=3 HTTP/1.1\r\nHost: h:1\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(request(packed("long-polling"), 3),
            "GET /long-poll/t?after=3&hold=25s HTTP/1.1\r\nHost: h:1\r\n"
            "Accept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(request(packed("streaming"), {}),
            "GET /stream/t HTTP/1.1\r\nHost: h:1\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(request(packed("streaming", "sse"), 7),
            "GET /sse/t HTTP/1.1\r\nHost: h:1\r\nAccept-Encoding: gzip\r\n"
            "Accept: text/event-stream\r\nLast-Event-ID: 7\r\n\r\n");
  auto socket = strategy_of("websocket");
  socket.compression = "permessage-deflate";
  EXPECT_TRUE(
      request(socket, {})
          .ends_with("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Extensions: permessage-deflate; "
                     "server_no_context_takeover; client_no_context_takeover\r\n\r\n"));
}

TEST(Dialect, ANewConnectionIsAnnounced) {
  plan::StrategySpec fresh = strategy_of("polling");
  fresh.new_connection = true;
  EXPECT_EQ(request(fresh, 3),
            "GET /poll/t?after=3 HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\r\n");
}

// The contract knows 25s and 1500ms and nothing else; target_test.cc of the server reads them.
TEST(Dialect, HoldsAreWholeSecondsOrMilliseconds) {
  using namespace std::chrono_literals;
  for (const auto& [hold, printed] : {std::pair<plan::Nanos, const char*>{25s, "25s"},
                                      {60s, "60s"},
                                      {1min, "60s"},
                                      {1500ms, "1500ms"},
                                      {500ms, "500ms"},
                                      {1500us, "2ms"},
                                      {1ns, "1ms"},
                                      {1s, "1s"},
                                      {0s, "0s"}}) {
    plan::StrategySpec spec = strategy_of("long-polling");
    spec.hold = hold;
    const std::string asked = request(spec, 7);
    EXPECT_TRUE(asked.starts_with(std::string("GET /long-poll/t?after=7&hold=") + printed + " "))
        << asked;
  }
}

TEST(Dialect, PublishAndUpstream) {
  std::string out;
  native().append_publish(out, "h:1", "", "t", "event", false);
  EXPECT_EQ(out,
            "POST /publish/t HTTP/1.1\r\nHost: h:1\r\nContent-Type: application/octet-stream\r\n"
            "Content-Length: 5\r\n\r\nevent");
  out.clear();
  native().append_publish(out, "h:1", "/p", "t", "", true);
  EXPECT_TRUE(out.starts_with("POST /p/upstream/t HTTP/1.1\r\n"));
}

TEST(Dialect, CursorsOfHeads) {
  wire::ResponseHead head;
  EXPECT_EQ(native().cursor_of(head), std::nullopt);
  head.etag = "\"12\"";
  EXPECT_EQ(native().cursor_of(head), 12U);
  head.pushbench_seq = "13";
  EXPECT_EQ(native().cursor_of(head), 13U);
  head.pushbench_seq = "soon";
  EXPECT_EQ(native().cursor_of(head), std::nullopt);
}

TEST(Dialect, OnlyItsOwnContentTypesCarryEvents) {
  wire::ResponseHead head;
  for (const auto& [type, lines, sse] :
       {std::tuple{"application/x-ndjson", true, false},
        std::tuple{"text/event-stream", false, true},
        std::tuple{"text/event-stream; charset=utf-8", false, true},
        std::tuple{"text/html", false, false}, std::tuple{"application/x-ndjsonx", false, false},
        std::tuple{"", false, false}}) {
    head.content_type = type;
    EXPECT_EQ(native().carries_events(strategy_of("polling"), head), lines) << type;
    EXPECT_EQ(native().carries_events(strategy_of("streaming", "sse"), head), sse) << type;
  }
}

TEST(Dialect, LinesAndGaps) {
  std::string scratch;
  const Unwrapped event = native().unwrap_line(R"({"seq":12,"data":"a\"b"})", scratch);
  EXPECT_EQ(event.kind, Unwrapped::Kind::kEvent);
  EXPECT_EQ(event.event, "a\"b");
  EXPECT_EQ(event.seq, 12U);
  const Unwrapped gap = native().unwrap_line(R"({"gap":{"oldest":10,"newest":20}})", scratch);
  EXPECT_EQ(gap.kind, Unwrapped::Kind::kGap);
  EXPECT_EQ(gap.seq, 9U);
  const Unwrapped empty = native().unwrap_line(R"({"gap":{"oldest":0,"newest":0}})", scratch);
  EXPECT_EQ(empty.seq, 0U);
  EXPECT_EQ(native().unwrap_line("<html>", scratch).kind, Unwrapped::Kind::kMalformed);
}

TEST(Dialect, SseEvents) {
  const auto kind = [](std::string_view type, std::string_view data, std::string_view id) {
    return native().unwrap_sse(type, data, id).kind;
  };
  EXPECT_EQ(native().unwrap_sse("message", "x", "4").seq, 4U);
  EXPECT_EQ(kind("message", "x", "4"), Unwrapped::Kind::kEvent);
  EXPECT_EQ(kind("message", "x", ""), Unwrapped::Kind::kMalformed);
  EXPECT_EQ(kind("greeting", "x", "4"), Unwrapped::Kind::kNothing);
  EXPECT_EQ(native().unwrap_sse("gap", R"({"oldest":10,"newest":20})", "9").seq, 9U);
  EXPECT_EQ(kind("gap", "nonsense", "9"), Unwrapped::Kind::kMalformed);
}

TEST(Dialect, Closes) {
  const Unwrapped gap = native().unwrap_close(4410, R"({"oldest":10,"newest":20})");
  EXPECT_EQ(gap.kind, Unwrapped::Kind::kGap);
  EXPECT_EQ(gap.seq, 9U);
  EXPECT_EQ(native().unwrap_close(4410, "").kind, Unwrapped::Kind::kMalformed);
  EXPECT_EQ(native().unwrap_close(1001, "bye").kind, Unwrapped::Kind::kNothing);
}

}  // namespace
}  // namespace pushbench::transport
