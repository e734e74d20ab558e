// Deadlines and ends of connections.
#include "servers/reference/connection.h"
#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers {
namespace {

TEST(ConnectionPhases, SlowHeadsAndBodiesEndIn408) {
  ServerOptions options;
  options.limits.head_timeout = Millis(300);
  options.limits.body_timeout = Millis(300);
  options.limits.linger = Millis(200);
  TestServer server(options);
  Peer head(server.port());
  head.send("GET /healthz HT");
  Peer body(server.port());
  body.send("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nhalf");
  // A trickle does not put the deadline off: it goes on for longer than twice the time, and neither
  // request would be complete even then.
  const TimePoint start = steady_now();
  while (steady_now() - start < Millis(1000) &&
         server.metrics().count_of(Trouble::kHeadTimeout) +
                 server.metrics().count_of(Trouble::kBodyTimeout) <
             2) {
    head.send("x");
    body.send("x");
    ::poll(nullptr, 0, 50);
  }
  EXPECT_EQ(server.metrics().count_of(Trouble::kHeadTimeout), 1U);
  EXPECT_EQ(server.metrics().count_of(Trouble::kBodyTimeout), 1U);
  for (Peer* peer : {&head, &body}) {
    const std::string answer = peer->answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    EXPECT_EQ(peer->rest(), "");
    EXPECT_TRUE(peer->closed());
  }
  EXPECT_TRUE(server.counts(Trouble::kHeadTimeout));
  EXPECT_TRUE(server.counts(Trouble::kBodyTimeout));
}

TEST(ConnectionPhases, IdleConnectionsAreClosedWithoutAWord) {
  ServerOptions options;
  options.limits.idle_timeout = Millis(300);
  TestServer server(options);
  Peer fresh(server.port());
  Peer used(server.port());
  EXPECT_TRUE(used.ask(get("/healthz")).ends_with("ok\n"));
  EXPECT_EQ(fresh.rest(), "");
  EXPECT_EQ(used.rest(), "");
  EXPECT_TRUE(fresh.closed());
  EXPECT_TRUE(used.closed());
  EXPECT_TRUE(server.counts(Trouble::kIdleTimeout, 2));
}

TEST(ConnectionPhases, ARefusedUploadIsReadOnSoThatTheAnswerArrives) {
  ServerOptions options;
  options.limits.max_event = 10;
  TestServer server(options);
  Peer peer(server.port());
  peer.send("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n");
  for (int i = 0; i < 30; ++i) {
    peer.send(std::string(100'000, 'x'));
  }
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 413 "));
  EXPECT_EQ(peer.rest(), "");
  EXPECT_TRUE(peer.closed());
}

TEST(ConnectionPhases, LingeringEndsByItself) {
  ServerOptions options;
  options.limits.linger = Millis(200);
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask("NONSENSE\r\n\r\n").starts_with("HTTP/1.1 400 "));
  EXPECT_TRUE(server.reaches([](const Metrics& now) { return now.connections_open == 0; }));
}

}  // namespace
}  // namespace pushbench::servers
