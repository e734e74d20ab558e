#include "servers/reference/server.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

TEST(Server, StopTellsEveryKindOfClient) {
  TestServer server;
  Peer held(server.port());
  held.send(get("/long-poll/t"));
  Peer chunked(server.port());
  chunked.ask(get("/stream/t"));
  Peer sse(server.port());
  sse.ask(get("/sse/t"));
  Peer ws(server.port());
  ws.ask(upgrade_request("/ws/t"));
  Peer idle(server.port());
  idle.ask(get("/healthz"));
  ASSERT_TRUE(server.has_subscribers(1, 1));
  server.stop();
  const std::string answer = held.rest();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 ")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(chunked.rest(), "0\r\n\r\n");
  EXPECT_EQ(sse.rest(), "0\r\n\r\n");
  EXPECT_EQ(ws.exactly(4), "\x88\x12\x03\xe9");  // 1001 and a reason
  ws.exactly(16);
  ws.send(std::string("\x88\x82\0\0\0\0\x03\xe9", 8));
  EXPECT_EQ(ws.rest(), "");
  EXPECT_EQ(idle.rest(), "");
  for (const Peer* peer : {&held, &chunked, &sse, &ws, &idle}) {
    EXPECT_TRUE(peer->closed());
  }
  for (Peer* peer : {&held, &chunked, &sse, &ws, &idle}) {
    peer->close();
  }
  EXPECT_TRUE(server.ends_within(kPatience));
}

TEST(Server, StopEndsWithinItsGraceWhateverClientsDo) {
  ServerOptions options;
  options.limits.stop_grace = Millis(500);
  TestServer server(options);
  Peer ws(server.port());
  ws.ask(upgrade_request("/ws/t"));
  Peer half(server.port());
  half.send("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
  Peer stream(server.port());
  stream.ask(get("/sse/t"));
  ASSERT_TRUE(server.has_subscribers(4, 1));
  server.stop();
  EXPECT_TRUE(server.ends_within(kPatience));
  stream.rest();
  EXPECT_TRUE(stream.closed());
}

TEST(Server, RequestsUnderWayAreFinishedWhileItStops) {
  TestServer server;
  Peer half(server.port());
  half.send("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
  ASSERT_TRUE(server.reaches([](const Metrics& now) { return now.bytes_in > 0; }));
  server.stop();
  EXPECT_TRUE(half.silent());
  const std::string answer = half.ask("cd");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 ")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  half.rest();
  half.close();
  EXPECT_TRUE(server.ends_within(kPatience));
}

TEST(Server, RequestsThatCameButWereNotReadAreAnswered) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  const int accepted = peer.other_end();
  server.stop_behind([&] {
    peer.send(get("/healthz"));
    pollfd arrived{accepted, POLLIN, 0};
    ::poll(&arrived, 1, static_cast<int>(kPatience.count()));
  });
  const std::string answer = peer.rest();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  peer.close();
  EXPECT_TRUE(server.ends_within(kPatience));
}

TEST(Server, WhoAsksToWaitWhileItStopsIsToldAtOnce) {
  TestServer server;
  const std::string body =
      "POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n";
  Peer keeps(server.port());  // an unfinished upload keeps the stop waiting
  keeps.send(body);
  Peer held(server.port());
  held.send(get("/long-poll/t").substr(0, 20));
  Peer stream(server.port());
  stream.send(get("/sse/t").substr(0, 10));
  const std::size_t expected = body.size() + 30;
  ASSERT_TRUE(server.reaches([=](const Metrics& now) { return now.bytes_in == expected; }));
  server.stop();
  held.send(get("/long-poll/t").substr(20));
  stream.send(get("/sse/t").substr(10));
  EXPECT_TRUE(held.rest().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(stream.rest().ends_with("\r\n\r\n0\r\n\r\n"));
}

TEST(Server, StoppingTwiceOrWithoutClientsIsFine) {
  TestServer server;
  server.stop();
  server.stop();
  EXPECT_TRUE(server.ends_within(kPatience));
}

TEST(Server, LimitsThatContradictThemselvesAreRefused) {
  asio::io_context context(1);
  Reactor reactor(context);
  ServerOptions options;
  options.limits.log_bytes = 1;
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
}

TEST(Server, AWriteDelayIsBoundedAndGoesWithoutInjection) {
  asio::io_context context(1);
  Reactor reactor(context);
  ServerOptions options;
  options.write_delay = ServerOptions::kMaxWriteDelay + Nanos(1);
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
  options.write_delay = ServerOptions::kMaxWriteDelay;
  ASSERT_FALSE(add_injection("lose=every:2", options.injection).has_error());
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
}

TEST(Server, APageIsBounded) {
  asio::io_context context{1};
  Reactor reactor(context);
  ServerOptions options;
  options.page = std::string(options.limits.answer_bytes + 1, 'x');
  Server server(reactor, options);
  const auto port = server.listen();
  ASSERT_FALSE(port);
  EXPECT_NE(port.error().text.find("page: 1048577 bytes"), std::string::npos);
}

TEST(Server, EventsOfTheProgramItselfGoOutAsThosePublished) {
  asio::io_context context{1};
  Reactor reactor(context);
  ServerOptions options;
  options.limits.max_topics = 1;
  Server server(reactor, options);
  const auto port = server.listen();
  ASSERT_TRUE(port);
  EXPECT_EQ(server.publish("t", "one"), 1U);
  EXPECT_EQ(server.publish("t", "two"), 2U);
  EXPECT_EQ(server.publish("no topic", "x"), 0U);
  EXPECT_EQ(server.publish("t", "a\rb"), 0U);
  EXPECT_EQ(server.publish("another", "x"), 0U);
  std::thread thread([&reactor] { reactor.run(); });
  Peer peer(*port);
  const std::string answer = peer.ask(get("/poll/t?after=1"));
  EXPECT_NE(answer.find(R"({"seq":2,"data":"two"})"), std::string::npos) << answer;
  peer.close();
  reactor.post([&server] { server.stop(); });
  thread.join();
}

}  // namespace
}  // namespace pushbench::servers
