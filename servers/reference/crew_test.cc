#include "servers/reference/crew.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace pushbench::servers {
namespace {

constexpr std::uint32_t kThreads = 3;

ServerOptions three_threads() {
  ServerOptions options;
  options.threads = kThreads;
  return options;
}

std::vector<std::string> lines_of(const std::string& chunks) {
  std::vector<std::string> lines;
  for (std::size_t at = chunks.find("{\"seq\""); at != std::string::npos;
       at = chunks.find("{\"seq\"", at + 1)) {
    lines.push_back(chunks.substr(at, chunks.find('\n', at) - at));
  }
  return lines;
}

// Connections take turns, so publishers and clients are on every loop.
TEST(Crew, EveryClientSeesAllEventsInOneOrder) {
  constexpr std::size_t kClients = 6;
  constexpr std::size_t kPublishers = 6;
  constexpr std::size_t kEach = 200;
  TestServer server(three_threads());
  std::vector<Peer> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back(server.port());
    clients.back().ask(get("/stream/t"));
  }
  std::vector<std::thread> publishers;
  for (std::size_t i = 0; i < kPublishers; ++i) {
    publishers.emplace_back([&server, i] {
      Peer peer(server.port());
      for (std::size_t k = 0; k < kEach; ++k) {
        const std::string text = std::to_string(i) + "." + std::to_string(k);
        EXPECT_TRUE(peer.ask(post("/publish/t", text)).starts_with("HTTP/1.1 204 "));
      }
    });
  }
  for (std::thread& publisher : publishers) {
    publisher.join();
  }
  std::vector<std::string> first;
  for (Peer& client : clients) {
    const std::string last = "{\"seq\":" + std::to_string(kPublishers * kEach) + ",";
    const std::string got = client.until(last);
    const std::vector<std::string> lines = lines_of(got + client.until("\n"));
    ASSERT_EQ(lines.size(), kPublishers * kEach);
    for (std::size_t k = 0; k < lines.size(); ++k) {
      EXPECT_TRUE(lines[k].starts_with("{\"seq\":" + std::to_string(k + 1) + ",")) << lines[k];
    }
    if (first.empty()) {
      first = lines;
    }
    EXPECT_EQ(lines, first);
  }
}

TEST(Crew, FiguresAreThoseOfAllLoops) {
  TestServer server(three_threads());
  std::vector<Peer> clients;
  for (std::size_t i = 0; i < 2 * std::size_t{kThreads}; ++i) {
    clients.emplace_back(server.port());
    clients.back().ask(get("/stream/t"));
  }
  Peer publisher(server.port());
  publisher.ask(post("/publish/t", "x"));
  EXPECT_TRUE(server.reaches([](const Metrics& now) {
    const auto delivered =
        std::accumulate(now.deliveries.begin(), now.deliveries.end(), std::uint64_t{0});
    return delivered == 2 * std::size_t{kThreads} && now.published == 1 &&
           now.connections_open == 2 * std::size_t{kThreads} + 1 && now.topics == 1;
  }));
}

// A client may come back on another loop: what it can know of is there, without a wait.
TEST(Crew, AnyLoopGoesOnFromAnyNumber) {
  TestServer server(three_threads());
  Peer publisher(server.port());
  for (int i = 1; i <= 5; ++i) {
    publisher.ask(post("/publish/t", std::to_string(i)));
  }
  for (std::uint32_t i = 0; i < 2 * kThreads; ++i) {
    Peer peer(server.port());
    const std::string answer = peer.ask(get("/poll/t?after=3"));
    EXPECT_NE(answer.find("{\"seq\":4,\"data\":\"4\"}\n{\"seq\":5,\"data\":\"5\"}\n"),
              std::string::npos)
        << answer;
  }
}

TEST(Crew, StopTellsTheClientsOfEveryLoop) {
  TestServer server(three_threads());
  std::vector<Peer> clients;
  for (std::uint32_t i = 0; i < kThreads; ++i) {
    clients.emplace_back(server.port());
    clients.back().ask(get("/sse/t"));
  }
  server.stop();
  for (Peer& client : clients) {
    EXPECT_EQ(client.rest(), "0\r\n\r\n");
  }
}

TEST(Crew, ConnectionsAreBoundedOverAllLoops) {
  ServerOptions options = three_threads();
  options.limits.max_connections = 4;
  TestServer server(options);
  std::vector<Peer> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back(server.port());
    EXPECT_TRUE(clients.back().ask(get("/healthz")).ends_with("ok\n"));
  }
  Peer fifth(server.port());
  EXPECT_TRUE(fifth.answer().starts_with("HTTP/1.1 503 "));
}

TEST(Crew, WhatNeedsOneThreadIsRefusedWithMore) {
  asio::io_context context(1);
  Reactor reactor(context);
  ServerOptions options = three_threads();
  options.limits.max_connections_per_address = 5;
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
  options = three_threads();
  ASSERT_FALSE(add_injection("lose=every:2", options.injection).has_error());
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
  options = {};
  options.threads = 0;
  EXPECT_EQ(Server(reactor, options).listen().error().code, ExitCode::kUsage);
}

}  // namespace
}  // namespace pushbench::servers
