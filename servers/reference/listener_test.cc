#include "servers/reference/listener.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

TEST(Listener, APortInUseIsSaidWithWhatToDo) {
  TestServer first;
  asio::io_context context(1);
  Reactor reactor(context);
  ServerOptions options;
  options.port = first.port();
  Server second(reactor, options);
  const auto result = second.listen();
  ASSERT_TRUE(result.has_error());
  EXPECT_EQ(result.error().code, ExitCode::kCouldNotRun);
  const std::string& text = result.error().text;
  EXPECT_NE(text.find(first.host()), std::string::npos) << text;
  EXPECT_NE(text.find("Address already in use"), std::string::npos) << text;
  EXPECT_NE(text.find("another port"), std::string::npos) << text;
}

TEST(Listener, AddressesThatMakeNoSense) {
  asio::io_context context(1);
  Reactor reactor(context);
  ServerOptions options;
  options.address = "localhost";
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
  options.address = "192.0.2.1";  // RFC 5737: nobody's
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kCouldNotRun);
}

TEST(Listener, ThePortIsFreeAgainAtOnce) {
  std::uint16_t port = 0;
  {
    TestServer first;
    port = first.port();
    Peer peer(port);
    EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  }
  ServerOptions options;
  options.port = port;
  TestServer second(options);
  Peer peer(second.port());
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
}

TEST(Listener, ConnectionsOverTheBoundAreTurnedAway) {
  ServerOptions options;
  options.limits.max_connections = 2;
  TestServer server(options);
  Peer first(server.port());
  Peer second(server.port());
  EXPECT_TRUE(first.ask(get("/healthz")).ends_with("ok\n"));
  EXPECT_TRUE(second.ask(get("/healthz")).ends_with("ok\n"));
  Peer third(server.port());
  const std::string answer = third.answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
  third.rest();
  EXPECT_TRUE(third.closed());
  EXPECT_TRUE(server.counts(Trouble::kConnections));
  first.close();
  ASSERT_TRUE(server.reaches([](const Metrics& now) { return now.connections_open == 1; }));
  Peer fourth(server.port());
  EXPECT_TRUE(fourth.ask(get("/healthz")).ends_with("ok\n"));
}

TEST(Listener, ConnectionsOfOneAddressAreBounded) {
  ServerOptions options;
  options.limits.max_connections_per_address = 1;
  TestServer server(options);
  {
    Peer first(server.port());
    EXPECT_TRUE(first.ask(get("/healthz")).ends_with("ok\n"));
    Peer second(server.port());
    EXPECT_TRUE(second.answer().starts_with("HTTP/1.1 503 "));
    EXPECT_TRUE(server.counts(Trouble::kPerAddress));
    first.reset();
  }
  ASSERT_TRUE(server.reaches([](const Metrics& now) { return now.connections_open == 0; }));
  Peer third(server.port());
  EXPECT_TRUE(third.ask(get("/healthz")).ends_with("ok\n"));
}

}  // namespace
}  // namespace pushbench::servers
