#include "servers/reference/streaming.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers {
namespace {

constexpr std::size_t kChunkedRow = 2;
constexpr std::size_t kSseRow = 3;

std::string head(std::string_view type, int seq) {
  return std::string("HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: ")
      .append(type)
      .append("\r\nCache-Control: no-store\r\nPushbench-Seq: ")
      .append(std::to_string(seq))
      .append("\r\nTransfer-Encoding: chunked\r\n\r\n");
}

const std::string kLine1 = "15\r\n{\"seq\":1,\"data\":\"a\"}\n\r\n";
const std::string kSse1 = "f\r\nid: 1\ndata: a\n\n\r\n";

TEST(Streaming, ChunkedSendsALineAChunk) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/stream/t")), head("application/x-ndjson", 0));
  ASSERT_TRUE(server.has_subscribers(kChunkedRow, 1));
  publish(server, "t", "a");
  EXPECT_EQ(peer.exactly(kLine1.size()), kLine1);
  publish(server, "t", "b\nc");
  EXPECT_EQ(peer.until("}\n\r\n"), "18\r\n{\"seq\":2,\"data\":\"b\\nc\"}\n\r\n");
  EXPECT_TRUE(peer.silent());
}

TEST(Streaming, SseSendsAnEventAChunk) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/sse/t")), head("text/event-stream", 0));
  ASSERT_TRUE(server.has_subscribers(kSseRow, 1));
  publish(server, "t", "a");
  EXPECT_EQ(peer.exactly(kSse1.size()), kSse1);
  publish(server, "t", "b\nc");
  EXPECT_EQ(peer.until("\n\n\r\n"), "17\r\nid: 2\ndata: b\ndata: c\n\n\r\n");
}

TEST(Streaming, ResumesAfterTheNumberGiven) {
  TestServer server;
  publish(server, "t", "x");
  publish(server, "t", "a");
  Peer chunked(server.port());
  EXPECT_EQ(chunked.ask(get("/stream/t?after=1")), head("application/x-ndjson", 1));
  EXPECT_EQ(chunked.until("}\n\r\n"), "15\r\n{\"seq\":2,\"data\":\"a\"}\n\r\n");
  Peer sse(server.port());
  EXPECT_EQ(sse.ask(get("/sse/t?after=0", "Last-Event-ID: 1\r\n")), head("text/event-stream", 1));
  EXPECT_EQ(sse.until("\n\n\r\n"), "f\r\nid: 2\ndata: a\n\n\r\n");
  publish(server, "t", "b");
  EXPECT_EQ(chunked.until("}\n\r\n"), "15\r\n{\"seq\":3,\"data\":\"b\"}\n\r\n");
  EXPECT_EQ(sse.until("\n\n\r\n"), "f\r\nid: 3\ndata: b\n\n\r\n");
}

TEST(Streaming, AGapIsToldAndTheStreamGoesOnFromTheOldest) {
  TestServer server(short_log());
  fill_short_log(server);
  for (const char* after : {"8", "21"}) {
    Peer chunked(server.port());
    EXPECT_EQ(chunked.ask(get(std::string("/stream/t?after=") + after)),
              head("application/x-ndjson", 9));
    EXPECT_EQ(chunked.until("}\n\r\n"), "22\r\n{\"gap\":{\"oldest\":10,\"newest\":20}}\n\r\n");
    EXPECT_EQ(chunked.until("}\n\r\n"), "17\r\n{\"seq\":10,\"data\":\"10\"}\n\r\n");
  }
  for (const char* last : {"8", "21", "not-one-of-ours"}) {
    Peer sse(server.port());
    EXPECT_EQ(sse.ask(get("/sse/t", std::string("Last-Event-ID: ") + last + "\r\n")),
              head("text/event-stream", 9));
    EXPECT_EQ(sse.until("\n\n\r\n"),
              "32\r\nevent: gap\nid: 9\ndata: {\"oldest\":10,\"newest\":20}\n\n\r\n");
    EXPECT_EQ(sse.until("\n\n\r\n"), "11\r\nid: 10\ndata: 10\n\n\r\n");
  }
}

TEST(Streaming, AGapOfAnEmptyLogIsZeroAndZero) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/sse/t?after=7")), head("text/event-stream", 0));
  EXPECT_EQ(peer.until("\n\n\r\n"),
            "30\r\nevent: gap\nid: 0\ndata: {\"oldest\":0,\"newest\":0}\n\n\r\n");
  publish(server, "t", "a");
  EXPECT_EQ(peer.exactly(kSse1.size()), kSse1);
}

TEST(Streaming, SilenceOfSseIsFilledWithComments) {
  ServerOptions options;
  options.limits.sse_comment = Millis(200);
  options.limits.idle_timeout = Millis(100);
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(get("/sse/t"));
  EXPECT_EQ(peer.exactly(16), "3\r\n:\n\n\r\n3\r\n:\n\n\r\n");
}

// The silence before the request is not the stream's.
TEST(Streaming, TheHeadComesFirstHoweverLongTheConnectionWasIdle) {
  ServerOptions options;
  options.limits.sse_comment = Millis(200);
  TestServer server(options);
  Peer fresh(server.port());
  Peer used(server.port());
  EXPECT_TRUE(used.ask(get("/healthz")).ends_with("ok\n"));
  ::poll(nullptr, 0, 400);
  for (Peer* peer : {&fresh, &used}) {
    EXPECT_EQ(peer->ask(get("/sse/t")), head("text/event-stream", 0));
    EXPECT_EQ(peer->exactly(8), "3\r\n:\n\n\r\n");
  }
}

TEST(Streaming, ABacklogLargerThanTheSocketComesWholeAndInOrder) {
  ServerOptions options;
  options.limits.log_bytes = 64 * 1024 * 1024;
  TestServer server(options);
  const std::string event(100'000, 'x');
  Peer publisher(server.port());
  for (int i = 0; i < 150; ++i) {
    publisher.ask(post("/publish/t", event));
  }
  Peer peer(server.port(), 4096);
  peer.send(get("/sse/t?after=0"));
  ASSERT_TRUE(server.has_subscribers(kSseRow, 1));
  for (int i = 0; i < 5; ++i) {
    publisher.ask(post("/publish/t", "live"));
  }
  peer.until("\r\n\r\n");
  for (int i = 1; i <= 155; ++i) {
    const std::string block = peer.until("\n\n\r\n");
    ASSERT_NE(block.find("\r\nid: " + std::to_string(i) + "\n"), std::string::npos)
        << i << " " << block.substr(0, 40);
  }
  EXPECT_EQ(server.metrics().count_of(Trouble::kSlowConsumer), 0U);
}

TEST(Streaming, AStreamNeedsChunks) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask("GET /sse/t HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 505 "));
}

TEST(Streaming, AClientThatGoesIsForgotten) {
  TestServer server;
  {
    Peer chunked(server.port());
    chunked.ask(get("/stream/t"));
    Peer sse(server.port());
    sse.ask(get("/sse/u"));
    ASSERT_TRUE(server.has_subscribers(kSseRow, 1));
  }
  EXPECT_TRUE(server.has_subscribers(kSseRow, 0));
  EXPECT_TRUE(server.has_subscribers(kChunkedRow, 0));
}

}  // namespace
}  // namespace pushbench::servers
