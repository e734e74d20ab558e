#include "servers/reference/compression.h"

#include "harness/wire/chunk.h"
#include "harness/wire/permessage_deflate.h"
#include "harness/wire/websocket.h"
#include "servers/reference/connection.h"
#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

constexpr std::string_view kAskGzip = "Accept-Encoding: gzip\r\n";
constexpr std::string_view kVary = "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
constexpr std::size_t kPollingGzip = 5;
constexpr std::size_t kLongPollingGzip = 6;
constexpr std::size_t kChunkedGzip = 7;
constexpr std::size_t kSseGzip = 8;
constexpr std::size_t kDeflateRow = 9;

std::string data_chunk(std::string_view data) {
  std::string out;
  wire::append_chunk(out, data);
  return out;
}

std::string gzip_of(std::string_view text) {
  return std::string(wire::Deflater().gzip(text));
}

std::string block_of(std::string_view text) {
  return data_chunk(wire::Deflater().block(text));
}

std::string compressed_frame(std::string_view text) {
  wire::Deflater deflater;
  std::string out;
  wire::append_compressed(out, wire::Opcode::kText, deflater.message(text));
  return out;
}

std::string full_answer(std::string_view body, int seq, std::string_view more = "") {
  return "HTTP/1.1 200 OK\r\nDate: D\r\n" + std::string(kVary) +
         "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\nETag: \"" +
         std::to_string(seq) + "\"\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(more) + "\r\n" + std::string(body);
}

std::string gzip_stream_head(std::string_view type, int seq) {
  return "HTTP/1.1 200 OK\r\nDate: D\r\n" + std::string(kVary) +
         "Content-Type: " + std::string(type) +
         "\r\nCache-Control: no-store\r\nPushbench-Seq: " + std::to_string(seq) +
         "\r\nTransfer-Encoding: chunked\r\n\r\n";
}

const std::string kGzipStart = data_chunk(wire::kGzipHead);

std::string upgrade_with(std::string_view target, std::string_view offer) {
  return get(target, std::string("Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                 "Sec-WebSocket-Extensions: ")
                         .append(offer)
                         .append("\r\n"));
}

std::string switched_with(std::string_view extensions) {
  std::string out =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
  if (!extensions.empty()) {
    out += "Sec-WebSocket-Extensions: " + std::string(extensions) + "\r\n";
  }
  return out + "Pushbench-Seq: 0\r\n\r\n";
}

std::string masked(bool compressed, std::string_view payload) {
  std::string out;
  constexpr std::uint32_t kAnyMask = 0x12345678;
  if (compressed) {
    wire::append_compressed(out, wire::Opcode::kText, payload, kAnyMask);
  } else {
    wire::append_frame(out, wire::Opcode::kText, payload, kAnyMask);
  }
  return out;
}

TEST(Compression, PollsAreAnsweredWithAMember) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/poll/t", kAskGzip)),
            "HTTP/1.1 204 No Content\r\nDate: D\r\nCache-Control: no-store\r\nETag: \"0\"\r\n\r\n");
  publish(server, "t", "a");
  publish(server, "t", "b");
  const std::string lines = "{\"seq\":1,\"data\":\"a\"}\n{\"seq\":2,\"data\":\"b\"}\n";
  for (int i = 0; i < 3; ++i) {  // one that is formatted, and ones that repeat it
    EXPECT_EQ(peer.ask(get("/poll/t?after=0", kAskGzip)), full_answer(gzip_of(lines), 2));
  }
  EXPECT_EQ(server.metrics().deliveries[kPollingGzip], 6U);
  Peer plain(server.port());
  EXPECT_TRUE(plain.ask(get("/poll/t?after=0")).ends_with("\r\n\r\n" + lines));
  EXPECT_TRUE(
      plain.ask(get("/poll/t?after=0", "Accept-Encoding: gzip;q=0\r\n"))
          .ends_with("Content-Length: " + std::to_string(lines.size()) + "\r\n\r\n" + lines));
}

TEST(Compression, LongPollsAreReleasedWithOneMember) {
  TestServer server;
  Peer first(server.port());
  Peer second(server.port());
  Peer plain(server.port());
  first.send(get("/long-poll/t", kAskGzip));
  second.send(get("/long-poll/t", std::string(kAskGzip) + "Connection: close\r\n"));
  plain.send(get("/long-poll/t"));
  ASSERT_TRUE(server.has_subscribers(kLongPollingGzip, 2));
  publish(server, "t", "a");
  const std::string line = "{\"seq\":1,\"data\":\"a\"}\n";
  EXPECT_EQ(first.answer(), full_answer(gzip_of(line), 1));
  EXPECT_EQ(second.answer(), full_answer(gzip_of(line), 1, "Connection: close\r\n"));
  EXPECT_TRUE(plain.answer().ends_with("\r\n\r\n" + line));
  EXPECT_EQ(server.metrics().deliveries[kLongPollingGzip], 2U);
}

TEST(Compression, StreamsGetABlockAnEvent) {
  TestServer server;
  publish(server, "t", "old");
  Peer chunked(server.port());
  Peer sse(server.port());
  EXPECT_EQ(chunked.ask(get("/stream/t?after=0", kAskGzip)),
            gzip_stream_head("application/x-ndjson", 0));
  EXPECT_EQ(sse.ask(get("/sse/t", kAskGzip)), gzip_stream_head("text/event-stream", 1));
  ASSERT_TRUE(server.has_subscribers(kChunkedGzip, 1));
  ASSERT_TRUE(server.has_subscribers(kSseGzip, 1));
  publish(server, "t", "new");
  const std::string lines = kGzipStart + block_of("{\"seq\":1,\"data\":\"old\"}\n") +
                            block_of("{\"seq\":2,\"data\":\"new\"}\n");
  EXPECT_EQ(chunked.exactly(lines.size()), lines);
  const std::string events = kGzipStart + block_of("id: 2\ndata: new\n\n");
  EXPECT_EQ(sse.exactly(events.size()), events);
  server.stop();
  EXPECT_EQ(chunked.rest(), data_chunk(wire::kLastBlock) + std::string(wire::kLastChunk));
  EXPECT_EQ(sse.rest(), data_chunk(wire::kLastBlock) + std::string(wire::kLastChunk));
}

TEST(Compression, GapsAndSilenceAreBlocksToo) {
  ServerOptions options = short_log();
  options.limits.sse_comment = Millis(200);
  TestServer server(options);
  fill_short_log(server);
  Peer chunked(server.port());
  EXPECT_EQ(chunked.ask(get("/stream/t?after=8", kAskGzip)),
            gzip_stream_head("application/x-ndjson", 9));
  const std::string gap = kGzipStart + block_of("{\"gap\":{\"oldest\":10,\"newest\":20}}\n") +
                          block_of("{\"seq\":10,\"data\":\"10\"}\n");
  EXPECT_EQ(chunked.exactly(gap.size()), gap);
  Peer sse(server.port());
  sse.ask(get("/sse/t", std::string(kAskGzip) + "Last-Event-ID: 8\r\n"));
  const std::string told =
      kGzipStart + block_of("event: gap\nid: 9\ndata: {\"oldest\":10,\"newest\":20}\n\n");
  EXPECT_EQ(sse.exactly(told.size()), told);
  Peer silent(server.port());
  silent.ask(get("/sse/u", kAskGzip));
  const std::string comments = kGzipStart + block_of(":\n\n") + block_of(":\n\n");
  EXPECT_EQ(silent.exactly(comments.size()), comments);
}

TEST(Compression, WebSocketMessages) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(upgrade_with("/ws/t", "permessage-deflate; client_max_window_bits")),
            switched_with(wire::kDeflateOffer));
  Peer declined(server.port());
  EXPECT_EQ(declined.ask(upgrade_with("/ws/t", "permessage-deflate; server_max_window_bits=10")),
            switched_with(""));
  ASSERT_TRUE(server.has_subscribers(kDeflateRow, 1));
  const std::string event = "an event, an event, an event";
  publish(server, "t", event);
  const std::string frame = compressed_frame(event);
  EXPECT_LT(frame.size(), event.size());
  EXPECT_EQ(peer.exactly(frame.size()), frame);
  EXPECT_EQ(declined.exactly(2 + event.size()), "\x81\x1c" + event);
}

TEST(Compression, WhatAWebSocketClientSaysMayBeCompressed) {
  TestServer server;
  Peer peer(server.port());
  peer.ask(upgrade_with("/ws/t", wire::kDeflateOffer));
  wire::Deflater deflater;
  peer.send(masked(true, deflater.message("compressed")));
  peer.send(masked(false, "plain"));
  EXPECT_TRUE(server.reaches(
      [](const Metrics& now) { return now.upstream_events == 2 && now.upstream_bytes == 15; }));
  const std::string bomb(deflater.message(std::string(2 * 1024 * 1024, 'x')));
  peer.send(masked(true, bomb));
  EXPECT_EQ(peer.rest(), std::string("\x88\x02\x03\xf1", 4));  // 1009
  EXPECT_TRUE(server.counts(Trouble::kMessageSize));
  Peer other(server.port());
  other.ask(upgrade_with("/ws/t", "permessage-bzip2"));
  other.send(masked(true, deflater.message("compressed")));
  EXPECT_EQ(other.rest(), std::string("\x88\x02\x03\xea", 4));  // 1002
}

TEST(Compression, AnEchoIsCompressed) {
  ServerOptions options;
  options.echo = true;
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(upgrade_with("/echo", wire::kDeflateOffer));
  peer.send(masked(false, "echo echo echo"));
  const std::string frame = compressed_frame("echo echo echo");
  EXPECT_EQ(peer.exactly(frame.size()), frame);
}

TEST(Compression, LevelZeroIsNever) {
  ServerOptions options;
  options.compression_level = 0;
  TestServer server(options);
  publish(server, "t", "a");
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/poll/t?after=0", kAskGzip)).ends_with("\"data\":\"a\"}\n"));
  EXPECT_EQ(peer.ask(get("/sse/t", kAskGzip)).find("gzip"), std::string::npos);
  Peer socket(server.port());
  EXPECT_EQ(socket.ask(upgrade_with("/ws/u", wire::kDeflateOffer)), switched_with(""));
  for (const int level : {-1, 10}) {
    options.compression_level = level;
    asio::io_context context;
    Reactor reactor(context);
    Server refused(reactor, options);
    EXPECT_TRUE(refused.listen().has_error()) << level;
  }
}

TEST(Compression, EventsThatLeaveTogetherAreTheSame) {
  ServerOptions options;
  options.write_delay = Millis(20);
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(get("/sse/t", kAskGzip));
  ASSERT_TRUE(server.has_subscribers(kSseGzip, 1));
  Peer publisher(server.port());
  publisher.ask(post("/publish/t", "a"));
  publisher.ask(post("/publish/t", "b"));
  const std::string events =
      kGzipStart + block_of("id: 1\ndata: a\n\n") + block_of("id: 2\ndata: b\n\n");
  EXPECT_EQ(peer.exactly(events.size()), events);
}

TEST(Compression, AnInjectedCutEndsWithinTheEvent) {
  ServerOptions options;
  ASSERT_TRUE(add_injection("truncate=every:2", options.injection).has_value());
  TestServer server(options);
  Peer peer(server.port());
  Peer publisher(server.port());
  peer.ask(get("/sse/t", kAskGzip));
  ASSERT_TRUE(server.has_subscribers(kSseGzip, 1));
  publisher.ask(post("/publish/t", "first"));
  publisher.ask(post("/publish/t", "second"));
  const std::string whole =
      kGzipStart + block_of("id: 1\ndata: first\n\n") + block_of("id: 2\ndata: second\n\n");
  const std::string got = peer.rest();
  EXPECT_TRUE(peer.closed());
  EXPECT_LT(got.size(), whole.size());
  EXPECT_TRUE(whole.starts_with(got));
}

}  // namespace
}  // namespace pushbench::servers
