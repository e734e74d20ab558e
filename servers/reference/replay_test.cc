#include "servers/reference/replay.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

constexpr const char* kAsk =
    "GET /a//b?c=1 HTTP/1.1\r\nHost: localhost:8080\r\nCookie: x=y\r\n\r\n";
constexpr const char* kHead = "HTTP/1.1 200 OK\r\nServer: else\r\nContent-Length: 6\r\n\r\n";

ServerOptions replaying() {
  ServerOptions options;
  options.replays.push_back({.target = "/a//b?c=1", .topic = "t", .head = kHead, .length = 6});
  return options;
}

TEST(Replay, GivesEveryEventOnceInOrderAndThenTheLastAgain) {
  TestServer server(replaying());
  Peer peer(server.port());
  const std::string head = kHead;
  EXPECT_EQ(peer.ask(kAsk), head + "      ");
  publish(server, "t", "one");
  publish(server, "t", "second");
  publish(server, "t", "more than six");
  EXPECT_EQ(peer.ask(kAsk), head + "one   ");
  EXPECT_EQ(peer.ask(kAsk), head + "second");
  EXPECT_EQ(peer.ask(kAsk), head + "more t");
  EXPECT_EQ(peer.ask(kAsk), head + "more t");
  publish(server, "t", "four..");
  EXPECT_EQ(peer.ask(kAsk), head + "four..");
}

TEST(Replay, ANewConnectionBeginsWithTheNewest) {
  TestServer server(replaying());
  publish(server, "t", "first.");
  publish(server, "t", "second");
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(kAsk), std::string(kHead) + "second");
  EXPECT_EQ(peer.ask(kAsk), std::string(kHead) + "second");
}

TEST(Replay, WhatTheLogHasDroppedIsPassedOver) {
  ServerOptions options = replaying();
  options.limits.log_events = 2;
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(kAsk);
  for (const char* text : {"event1", "event2", "event3"}) {
    publish(server, "t", text);
  }
  EXPECT_EQ(peer.ask(kAsk), std::string(kHead) + "event2");
}

TEST(Replay, OtherTargetsAndMethodsAreAsEver) {
  TestServer server(replaying());
  Peer peer(server.port());
  EXPECT_NE(peer.ask("GET /a//b HTTP/1.1\r\nHost: localhost\r\n\r\n").find("404"),
            std::string::npos);
  Peer other(server.port());
  EXPECT_NE(other.ask("GET /a//b?c=1 HTTP/1.1\r\nHost: evil.test\r\n\r\n").find("421"),
            std::string::npos);
}

}  // namespace
}  // namespace pushbench::servers
