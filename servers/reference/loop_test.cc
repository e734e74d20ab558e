#include "servers/reference/loop.h"

#include "harness/base/random.h"
#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers {
namespace {

// A reader that is cut at random and comes back with the number of the last event it saw.
class Reader {
 public:
  Reader(TestServer& server, std::string_view path) : server_(server), path_(path) {}

  // Reads until `last` is seen or the seeded cut comes; true when it is done.
  bool visit(std::uint64_t last, Random& random) {
    Peer peer(server_.port());
    peer.ask(get(path_ + "?after=" + std::to_string(seen_)));
    const std::uint64_t budget = 1 + random.below(40);
    for (std::uint64_t i = 0; i < budget && seen_ < last; ++i) {
      if (!take(peer.until("}\n\r\n"))) {
        return true;
      }
    }
    return seen_ >= last;
  }
  std::uint64_t seen() const { return seen_; }

 private:
  bool take(const std::string& chunk) {
    const std::string expected =
        "{\"seq\":" + std::to_string(seen_ + 1) + ",\"data\":\"e" + std::to_string(seen_ + 1);
    EXPECT_NE(chunk.find(expected), std::string::npos) << chunk;
    if (testing::Test::HasFailure()) {
      return false;
    }
    ++seen_;
    return true;
  }

  TestServer& server_;
  std::string path_;
  std::uint64_t seen_ = 0;
};

TEST(Loop, NothingIsLostOrDoubledOverManyReconnects) {
  static constexpr std::uint64_t kEvents = 2000;
  TestServer server;
  std::thread publisher([&server] {
    Peer peer(server.port());
    for (std::uint64_t i = 1; i <= kEvents; ++i) {
      peer.ask(post("/publish/t", "e" + std::to_string(i)));
    }
  });
  Random random(7);
  int visits = 0;
  Reader reader(server, "/stream/t");
  while (!reader.visit(kEvents, random)) {
    ++visits;
  }
  publisher.join();
  EXPECT_EQ(reader.seen(), kEvents);
  EXPECT_GE(visits, 50);
  EXPECT_EQ(server.metrics().count_of(Trouble::kGap), 0U);
}

TEST(Loop, OneEventReachesEveryStrategyAtOnce) {
  TestServer server;
  std::vector<Peer> peers;
  for (const char* path : {"/long-poll/t", "/stream/t", "/sse/t"}) {
    for (int i = 0; i < 10; ++i) {
      peers.emplace_back(server.port());
      peers.back().send(get(path));
    }
  }
  for (const std::size_t row : {1U, 2U, 3U}) {
    ASSERT_TRUE(server.has_subscribers(row, 10));
  }
  publish(server, "t", "for all");
  for (Peer& peer : peers) {
    EXPECT_NE(peer.until("for all").find("for all"), std::string::npos);
  }
  const Metrics metrics = server.metrics();
  EXPECT_EQ(metrics.deliveries[1] + metrics.deliveries[2] + metrics.deliveries[3], 30U);
  EXPECT_EQ(metrics.published, 1U);
}

// What waits for the delay is written when somebody joins, who has it from the log, and at the end.
TEST(Loop, GatheredEventsComeOnceAndInOrder) {
  ServerOptions options;
  options.write_delay = ServerOptions::kMaxWriteDelay;
  TestServer server(options);
  const std::string one = "{\"seq\":1,\"data\":\"a\"}\n";
  const std::string two = "{\"seq\":2,\"data\":\"b\"}\n";
  const std::string three = "{\"seq\":3,\"data\":\"c\"}\n";
  const auto chunk = [](const std::string& line) {
    std::string out;
    wire::append_chunk(out, line);
    return out;
  };
  Peer early(server.port());
  early.ask(get("/stream/t"));
  Peer waiting(server.port());
  waiting.send(get("/long-poll/t"));
  ASSERT_TRUE(server.has_subscribers(1, 1));
  publish(server, "t", "a");
  EXPECT_NE(waiting.until(one).find(one), std::string::npos);  // an answer waits for nothing
  publish(server, "t", "b");
  Peer late(server.port());
  late.ask(get("/stream/t?after=0"));
  publish(server, "t", "c");
  server.stop();
  const std::string all = chunk(one) + chunk(two) + chunk(three) + std::string(wire::kLastChunk);
  EXPECT_EQ(early.rest(), all);
  EXPECT_EQ(late.rest(), all);
  EXPECT_EQ(server.metrics().deliveries[2], 6U);
}

TEST(Loop, GatheredEventsLeaveAfterTheDelay) {
  ServerOptions options;
  options.write_delay = Millis(5);
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(get("/sse/t"));
  publish(server, "t", "first");
  EXPECT_NE(peer.until("first").find("first"), std::string::npos);
  publish(server, "t", "second");
  EXPECT_NE(peer.until("second").find("second"), std::string::npos);
}

TEST(Loop, GatheredEventsAreBounded) {
  ServerOptions options;
  options.write_delay = ServerOptions::kMaxWriteDelay;
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(get("/stream/t"));
  publish(server, "t", std::string(40'000, 'x'));
  publish(server, "t", std::string(40'000, 'y'));
  // In no time, and not when the delay is over: then there would be three.
  EXPECT_TRUE(server.reaches([](const Metrics& now) { return now.deliveries[2] == 2; }));
  publish(server, "t", "z");
  EXPECT_TRUE(server.reaches([](const Metrics& now) { return now.deliveries[2] == 3; }));
}

TEST(Loop, ConnectionsThatComeAndGoLeaveNothing) {
  TestServer server;
  for (int i = 0; i < 300; ++i) {
    Peer peer(server.port());
    switch (i % 4) {
      case 0: peer.ask(get("/healthz")); break;
      case 1: peer.ask(get("/sse/t" + std::to_string(i))); break;
      case 2: peer.send(get("/long-poll/t" + std::to_string(i))); break;
      default: peer.send("GET /pol");
    }
  }
  EXPECT_TRUE(server.reaches([](const Metrics& now) { return now.connections_open == 0; }));
  EXPECT_TRUE(server.reaches(
      [](const Metrics& now) { return now.connections_accepted == 300 && now.waiting == 0; }));
  Peer peer(server.port());
  EXPECT_NE(peer.ask(get("/metrics")).find("\npushbench_topics 0\n"), std::string::npos);
}

TEST(Loop, ADescriptorThatCannotBeWaitedForIsGivenBack) {
  asio::io_context context(1);
  Reactor reactor(context);
  Loop loop(reactor, {});
  static constexpr int kNobodys = 1'000'000;
  EXPECT_EQ(loop.adopt(kNobodys, {asio::ip::tcp::v4(), 0}).value(), EBADF);
  EXPECT_EQ(loop.open_count(), 0U);
  EXPECT_EQ(loop.metrics.connections_accepted, 0U);
}

TEST(Loop, MayBeDestroyedWithConnectionsOpen) {
  auto context = std::make_unique<asio::io_context>(1);
  auto reactor = std::make_unique<Reactor>(*context);
  auto server = std::make_unique<Server>(*reactor, ServerOptions{});
  const std::uint16_t port = server->listen().value();
  Peer peer(port);
  peer.send(get("/sse/t"));
  Peer waiting(port);
  waiting.send(get("/long-poll/t"));
  const TimePoint until = steady_now() + kPatience;
  while (server->metrics().connections_accepted < 2 && steady_now() < until) {
    reactor->run_for(Millis(5));
  }
  reactor->run_for(Millis(20));  // it reads what they ask for
  server.reset();
  reactor.reset();
  context.reset();
  peer.rest();
  EXPECT_TRUE(peer.closed());
}

}  // namespace
}  // namespace pushbench::servers
