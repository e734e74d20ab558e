#include "servers/reference/long_polling.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers {
namespace {

constexpr std::size_t kRow = 1;

const std::string kEventA =
    "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: application/x-ndjson\r\n"
    "Cache-Control: no-store\r\nETag: \"1\"\r\nContent-Length: 21\r\n\r\n"
    "{\"seq\":1,\"data\":\"a\"}\n";

TEST(LongPolling, WaitsForTheNextEvent) {
  TestServer server;
  Peer peer(server.port());
  peer.send(get("/long-poll/t"));
  ASSERT_TRUE(server.has_subscribers(kRow, 1));
  EXPECT_TRUE(peer.silent());
  publish(server, "t", "a");
  EXPECT_EQ(peer.answer(), kEventA);
  EXPECT_EQ(server.metrics().waiting, 0U);
  // A late comer finds what it missed in the log.
  publish(server, "t", "b");
  publish(server, "t", "c");
  EXPECT_TRUE(peer.ask(get("/long-poll/t?after=1"))
                  .ends_with("{\"seq\":2,\"data\":\"b\"}\n{\"seq\":3,\"data\":\"c\"}\n"));
  EXPECT_TRUE(peer.ask(get("/long-poll/t?after=9")).starts_with("HTTP/1.1 410 "));
}

TEST(LongPolling, OneEventReleasesAllAndIsTheSameForAll) {
  TestServer server;
  std::vector<Peer> peers;
  for (int i = 0; i < 50; ++i) {
    peers.emplace_back(server.port());
    peers.back().send(get("/long-poll/t?after=0"));
  }
  ASSERT_TRUE(server.has_subscribers(kRow, 50));
  publish(server, "t", "a");
  for (Peer& peer : peers) {
    EXPECT_EQ(peer.answer(), kEventA);
  }
  const Metrics metrics = server.metrics();
  EXPECT_EQ(metrics.waiting, 0U);
  EXPECT_EQ(metrics.deliveries[kRow], 50U);
}

TEST(LongPolling, AHoldEndsIn204) {
  TestServer server;
  Peer peer(server.port());
  const TimePoint start = steady_now();
  EXPECT_EQ(peer.ask(get("/long-poll/t?hold=300ms")),
            "HTTP/1.1 204 No Content\r\nDate: D\r\nCache-Control: no-store\r\nETag: \"0\"\r\n\r\n");
  EXPECT_GE(steady_now() - start, Millis(300));
  EXPECT_EQ(server.metrics().waiting, 0U);
  EXPECT_NE(peer.ask(get("/metrics")).find("\npushbench_topics 0\n"), std::string::npos);
  EXPECT_TRUE(peer.ask(get("/long-poll/t?hold=61s")).starts_with("HTTP/1.1 400 "));
}

TEST(LongPolling, TheDefaultHoldIsThatOfTheLimits) {
  ServerOptions options;
  options.limits.hold_default = Millis(100);
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/long-poll/t")).starts_with("HTTP/1.1 204 "));
}

TEST(LongPolling, AHoldIsNotCutByTheTimeoutsOfHeadAndIdle) {
  ServerOptions options;
  options.limits.head_timeout = Millis(100);
  options.limits.idle_timeout = Millis(100);
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/long-poll/t?hold=700ms")).starts_with("HTTP/1.1 204 "));
}

TEST(LongPolling, AHeldRequestBlocksThoseBehindIt) {
  TestServer server;
  Peer peer(server.port());
  peer.send(get("/long-poll/t") + get("/healthz") + get("/long-poll/t?after=1&hold=100ms"));
  ASSERT_TRUE(server.has_subscribers(kRow, 1));
  EXPECT_TRUE(peer.silent());
  publish(server, "t", "a");
  EXPECT_EQ(peer.answer(), kEventA);
  EXPECT_TRUE(peer.answer().ends_with("\r\n\r\nok\n"));
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 204 "));
}

TEST(LongPolling, ClosesWhenAskedTo) {
  TestServer server;
  Peer peer(server.port());
  peer.send(get("/long-poll/t", "Connection: close\r\n"));
  ASSERT_TRUE(server.has_subscribers(kRow, 1));
  publish(server, "t", "a");
  std::string expected = kEventA;
  expected.insert(expected.find("\r\n\r\n"), "\r\nConnection: close");
  EXPECT_EQ(peer.answer(), expected);
  EXPECT_EQ(peer.rest(), "");
  EXPECT_TRUE(peer.closed());
}

TEST(LongPolling, AClientThatGoesLeavesNothingBehind) {
  TestServer server;
  {
    Peer gone(server.port());
    gone.send(get("/long-poll/t"));
    Peer half(server.port());
    half.send(get("/long-poll/t"));
    ASSERT_TRUE(server.has_subscribers(kRow, 2));
    half.half_close();
    ASSERT_TRUE(server.has_subscribers(kRow, 1));
  }
  ASSERT_TRUE(server.has_subscribers(kRow, 0));
  EXPECT_EQ(server.metrics().waiting, 0U);
  EXPECT_TRUE(server.counts(Trouble::kClientGone, 2));
  publish(server, "t", "a");
}

}  // namespace
}  // namespace pushbench::servers
