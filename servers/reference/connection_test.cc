#include "servers/reference/connection.h"

#include "servers/reference/tcp.h"
#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace pushbench::servers {
namespace {

constexpr std::size_t kChunkedAt = 2;
constexpr std::size_t kSseAt = 3;
constexpr std::size_t kWebSocketAt = 4;

// Idle connections are what a large swarm consists of.
TEST(Connection, IsSmall) {
  EXPECT_LE(sizeof(Connection), 384U);
}

TEST(Connection, AReaderThatStopsIsCutAndTheOthersGetEverything) {
  ServerOptions options;
  options.limits.outbox_bytes = 256 * 1024;
  options.limits.websocket_close = Millis(1000);
  TestServer server(options);
  Peer slow(server.port(), 4096);
  slow.ask(get("/sse/t"));
  Peer slow_ws(server.port(), 4096);
  slow_ws.ask(upgrade_request("/ws/t"));
  Peer good(server.port());
  good.ask(get("/sse/t"));
  ASSERT_TRUE(server.has_subscribers(kSseAt, 2));
  ASSERT_TRUE(server.has_subscribers(kWebSocketAt, 1));
  Peer publisher(server.port());
  const std::string event(50'000, 'x');
  int sent = 0;
  while (sent < 2000 && server.metrics().count_of(Trouble::kSlowConsumer) < 2) {
    ASSERT_TRUE(publisher.ask(post("/publish/t", event)).starts_with("HTTP/1.1 204 "));
    ++sent;
    const std::string block = good.until("\n\n\r\n");
    ASSERT_NE(block.find("id: " + std::to_string(sent) + "\n"), std::string::npos);
  }
  EXPECT_TRUE(server.counts(Trouble::kSlowConsumer, 2));
  EXPECT_TRUE(server.has_subscribers(kSseAt, 1));
  // The WebSocket is told why, once it reads; the stream is cut without its last chunk.
  const std::string told = slow_ws.rest();
  EXPECT_TRUE(slow_ws.closed());
  EXPECT_NE(
      told.substr(told.size() - std::min<std::size_t>(told.size(), 40)).find("\x11\x38too slow"),
      std::string::npos);
  // Counted is what was sent or queued, and nothing that came when it was too late.
  std::uint64_t messages = 0;
  static constexpr std::string_view kFrameHead("\x81\x7e\xc3\x50", 4);
  for (std::size_t at = 0; (at = told.find(kFrameHead, at)) != std::string::npos; ++at) {
    ++messages;
  }
  EXPECT_EQ(server.metrics().deliveries[kWebSocketAt], messages);
  const std::string cut = slow.rest();
  EXPECT_TRUE(slow.closed());
  EXPECT_FALSE(cut.ends_with("0\r\n\r\n"));
}

TEST(Connection, AnAnswerLargerThanTheSocketArrivesWhole) {
  ServerOptions options;
  options.limits.answer_bytes = 16 * 1024 * 1024;
  options.limits.log_bytes = 16 * 1024 * 1024;
  TestServer server(options);
  Peer publisher(server.port());
  for (int i = 0; i < 12; ++i) {
    publisher.ask(post("/publish/t", std::string(1'000'000, 'x')));
  }
  Peer peer(server.port(), 4096);
  peer.send(get("/poll/t?after=0") + get("/healthz"));
  const std::string answer = peer.answer();
  EXPECT_GT(answer.size(), 12'000'000U);
  EXPECT_TRUE(answer.ends_with("x\"}\n"));
  EXPECT_TRUE(peer.answer().ends_with("ok\n"));
}

TEST(Connection, AClientThatDoesNotReadItsAnswersIsHeldBack) {
  ServerOptions options;
  options.limits.log_bytes = 2 * 1024 * 1024;
  TestServer server(options);
  publish(server, "t", std::string(500'000, 'x'));
  Peer peer(server.port(), 4096);
  const std::string request = get("/poll/t?after=0");
  std::string many;
  for (int i = 0; i < 2000; ++i) {
    many += request;
  }
  for (int i = 0; i < 100; ++i) {
    if (peer.send_some(many, Millis(200)) < many.size()) {
      break;
    }
  }
  const Metrics metrics = server.metrics();
  const std::uint64_t answered = metrics.answers[0][1];  // 200 of polling
  EXPECT_GE(answered, 1U);
  EXPECT_LT(answered, 2000U);
  // Held back is all that happens to it: what it asked for comes when it reads.
  EXPECT_EQ(metrics.count_of(Trouble::kSlowConsumer), 0U);
  EXPECT_EQ(metrics.connections_open, 1U);
  for (std::uint64_t i = 0; i < answered + 2; ++i) {
    ASSERT_TRUE(peer.answer().ends_with("x\"}\n")) << i;
  }
  Peer other(server.port());
  EXPECT_TRUE(other.ask(get("/healthz")).ends_with("ok\n"));
}

// Streams with more waiting for them than their sockets take.
void fill(TestServer& server, std::initializer_list<Peer*> readers) {
  const std::string event(200'000, 'x');
  const auto waiting = [&] {
    return std::all_of(readers.begin(), readers.end(),
                       [](const Peer* peer) { return acknowledged(peer->other_end()).waiting; });
  };
  Peer publisher(server.port());
  const std::uint64_t out = server.metrics().bytes_out;
  int published = 0;
  // The kernel takes what it likes: as long as all that is published leaves, there is no backlog.
  do {
    ASSERT_LT(++published, 200);
    publisher.ask(post("/publish/t", event));
  } while (!waiting() || server.metrics().bytes_out - out + 4 * event.size() >
                             static_cast<std::size_t>(published) * readers.size() * event.size());
}

class SlowReaders : public testing::Test {
 protected:
  SlowReaders() : server_(options()) {
    stream_.ask(get("/stream/t"));
    ws_.ask(upgrade_request("/ws/t"));
    EXPECT_TRUE(server_.has_subscribers(kChunkedAt, 1));
    EXPECT_TRUE(server_.has_subscribers(kWebSocketAt, 1));
    fill(server_, {&stream_, &ws_});
  }
  static ServerOptions options() {
    ServerOptions options;
    options.limits.outbox_bytes = 64 * 1024 * 1024;
    options.limits.write_stall = kStall;
    options.limits.websocket_ping = kStall;
    options.limits.websocket_pong = kStall;
    return options;
  }
  static constexpr Millis kStall{400};

  TestServer server_;
  Peer stream_{server_.port(), 4096};
  Peer ws_{server_.port(), 4096};
};

TEST_F(SlowReaders, LiveOnAsLongAsTheyRead) {
  const TimePoint until = steady_now() + 5 * kStall;
  while (steady_now() < until) {
    stream_.exactly(1000);
    ws_.exactly(1000);
    ::poll(nullptr, 0, 20);
  }
  const Metrics metrics = server_.metrics();
  EXPECT_EQ(metrics.subscribers[kChunkedAt], 1U);
  EXPECT_EQ(metrics.subscribers[kWebSocketAt], 1U);
  EXPECT_EQ(metrics.count_of(Trouble::kSlowConsumer), 0U);
  EXPECT_EQ(metrics.count_of(Trouble::kSilence), 0U);
}

TEST_F(SlowReaders, AreCutWhenTheyAreStuck) {
  EXPECT_TRUE(server_.reaches([](const Metrics& now) {
    return now.subscribers[kChunkedAt] + now.subscribers[kWebSocketAt] == 0;
  }));
  // The WebSocket may be called silent before it is called stuck.
  EXPECT_TRUE(server_.reaches([](const Metrics& now) {
    return now.count_of(Trouble::kSlowConsumer) + now.count_of(Trouble::kSilence) == 2;
  }));
  EXPECT_GE(server_.metrics().count_of(Trouble::kSlowConsumer), 1U);
}

// The backlog does not keep the server from hearing what its client says.
TEST_F(SlowReaders, AreHeard) {
  const std::string message("\x81\x83\0\0\0\0abc", 9);
  ws_.send(message);
  EXPECT_TRUE(server_.reaches([](const Metrics& now) { return now.upstream_events == 1; }));
}

TEST(Connection, AnAnswerMayTakeLongToReadButNotForGood) {
  ServerOptions options;
  options.limits.log_bytes = 16 * 1024 * 1024;
  options.limits.answer_bytes = 16 * 1024 * 1024;
  options.limits.idle_timeout = Millis(300);
  options.limits.write_stall = Millis(1500);
  TestServer server(options);
  for (int i = 0; i < 6; ++i) {
    publish(server, "t", std::string(1'000'000, 'x'));
  }
  Peer slow(server.port(), 4096);
  slow.send(get("/poll/t?after=0"));
  Peer closing(server.port(), 4096);
  closing.send(get("/poll/t?after=0", "Connection: close\r\n"));
  Peer stuck(server.port(), 4096);
  stuck.send(get("/poll/t?after=0"));
  const TimePoint until = steady_now() + Millis(3000);
  std::size_t got = 0;
  std::size_t got_closing = 0;
  // The first window is 64 KiB whatever the buffer: in smaller bites it would last for a second.
  constexpr std::size_t kBite = 20'000;
  while (steady_now() < until) {
    got += slow.exactly(kBite).size();
    got_closing += closing.exactly(kBite).size();
    ::poll(nullptr, 0, 20);
  }
  EXPECT_TRUE(server.counts(Trouble::kSlowConsumer));  // the stuck one
  // In turn, so that neither of the two stalls while the other is read.
  constexpr std::size_t kEvents = 6'000'000;
  constexpr std::size_t kPiece = 100'000;
  for (std::size_t read = 1; read > 0 && (got <= kEvents || got_closing <= kEvents);) {
    const std::size_t more = got <= kEvents ? slow.exactly(kPiece).size() : 0;
    const std::size_t more_closing = got_closing <= kEvents ? closing.exactly(kPiece).size() : 0;
    got += more;
    got_closing += more_closing;
    read = more + more_closing;
  }
  EXPECT_GT(got, kEvents);
  EXPECT_GT(got_closing, kEvents);
  EXPECT_EQ(server.metrics().count_of(Trouble::kSlowConsumer), 1U);
}

TEST(Connection, PipelinedRequestsShareTheLoop) {
  ServerOptions options;
  options.limits.requests_per_turn = 2;
  TestServer server(options);
  Peer peer(server.port());
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    requests += get("/healthz");
  }
  peer.send(requests);
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(peer.answer().ends_with("ok\n")) << i;
  }
  EXPECT_TRUE(peer.silent());
}

TEST(Connection, BytesBehindAHeldRequestAreBounded) {
  ServerOptions options;
  options.limits.pipelined_bytes = 1000;
  TestServer server(options);
  Peer peer(server.port());
  const std::string request = get("/healthz");
  std::string many;  // made before the hold begins, which it might outlast
  while (many.size() < 64'000'000) {
    many += request;
  }
  peer.send(get("/long-poll/t?hold=2s"));
  ASSERT_TRUE(server.has_subscribers(1, 1));
  EXPECT_LT(peer.send_some(many, Millis(100)), many.size());
  EXPECT_LT(server.metrics().bytes_in, 200'000U);
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.answer().ends_with("ok\n"));
}

TEST(Connection, AResetIsCountedAndForgotten) {
  TestServer server;
  Peer peer(server.port());
  peer.ask(get("/sse/t"));
  ASSERT_TRUE(server.has_subscribers(kSseAt, 1));
  peer.reset();
  EXPECT_TRUE(server.counts(Trouble::kReset));
  EXPECT_EQ(server.metrics().count_of(Trouble::kClientGone), 0U);
  EXPECT_TRUE(server.has_subscribers(kSseAt, 0));
  EXPECT_TRUE(server.reaches([](const Metrics& now) { return now.connections_open == 0; }));
}

}  // namespace
}  // namespace pushbench::servers
