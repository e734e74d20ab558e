#include "servers/reference/tcp.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <linux/filter.h>
#include <netinet/tcp.h>

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace pushbench::servers {
namespace {

int option(int descriptor, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(descriptor, level, name, &value, &size), 0);
  return value;
}

TEST(Tcp, AcceptedSocketsHaveTheOptionsOfTheListener) {
  ServerOptions options;
  options.limits.keepalive = Millis(17'000);
  options.limits.unacknowledged = Millis(40'000);
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  const int accepted = peer.other_end();
  ASSERT_GE(accepted, 0);
  EXPECT_EQ(option(accepted, SOL_SOCKET, SO_KEEPALIVE), 1);
  EXPECT_EQ(option(accepted, IPPROTO_TCP, TCP_KEEPIDLE), 17);
  EXPECT_EQ(option(accepted, IPPROTO_TCP, TCP_KEEPCNT), 4);
  EXPECT_EQ(option(accepted, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
  EXPECT_EQ(option(accepted, IPPROTO_TCP, TCP_NODELAY), 1);
}

// The size in a SYN-ACK is the listener's; both ends keep to the smaller one.
TEST(Tcp, SegmentsAreAsLongAsOnANetwork) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  const int accepted = peer.other_end();
  ASSERT_GE(accepted, 0);
  EXPECT_EQ(option(accepted, IPPROTO_TCP, TCP_MAXSEG), 1448);  // less the timestamps
}

TEST(Tcp, BurstsAreNotPaced) {
  const auto words = [](const char* path) {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string offered = words("/proc/sys/net/ipv4/tcp_available_congestion_control");
  const std::string kept = words("/proc/sys/net/ipv4/tcp_congestion_control");
  const bool has_it = offered.find(kCongestionControl) != std::string::npos;
  const std::string expected = has_it ? kCongestionControl : kept.substr(0, kept.find('\n'));
  TestServer server;
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  std::array<char, 32> name{};
  socklen_t size = name.size();
  ASSERT_EQ(::getsockopt(peer.other_end(), IPPROTO_TCP, TCP_CONGESTION, name.data(), &size), 0);
  EXPECT_EQ(std::string(name.data()), expected);
}

TEST(Tcp, AcknowledgedGrowsWithWhatThePeerHasRoomFor) {
  TestServer server;
  Peer peer(server.port(), 4096);
  peer.send(get("/healthz"));
  const std::size_t answer = peer.until("ok\n").size();
  const int accepted = peer.other_end();
  const auto reaches = [accepted](const auto& holds) {
    const TimePoint until = steady_now() + kPatience;
    while (!holds(acknowledged(accepted)) && steady_now() < until) {
      ::poll(nullptr, 0, 5);
    }
    return holds(acknowledged(accepted));
  };
  EXPECT_TRUE(reaches([=](const Acknowledged& now) { return now.bytes == answer; }));
  EXPECT_FALSE(acknowledged(accepted).waiting);
  publish(server, "t", std::string(900'000, 'x'));
  peer.send(get("/poll/t?after=0"));
  EXPECT_TRUE(reaches([](const Acknowledged& now) { return now.waiting; }));
  const std::uint32_t before = acknowledged(accepted).bytes;
  peer.answer();
  EXPECT_TRUE(reaches([=](const Acknowledged& now) { return now.bytes > before && !now.waiting; }));
  EXPECT_EQ(acknowledged(-1).bytes, 0U);
}

// From here on the peer's TCP hears nothing and says nothing, as when its cable is pulled.
void pull_cable(const Peer& peer) {
  sock_filter drop_all{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
  const sock_fprog program{.len = 1, .filter = &drop_all};
  ASSERT_EQ(::setsockopt(peer.descriptor(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program),
            0);
}

TEST(Tcp, APeerThatVanishedIsCutInEveryKindOfStream) {
  ServerOptions options;
  options.limits.unacknowledged = Millis(600);
  options.limits.sse_comment = Millis(400);
  TestServer server(options);
  Peer chunked(server.port());
  Peer sse(server.port());
  for (const auto& [peer, path] : {std::pair(&chunked, "/stream/t"), std::pair(&sse, "/sse/t")}) {
    peer->send(get(path));
    EXPECT_FALSE(peer->until("Pushbench-Seq: 0").empty());
    pull_cable(*peer);
  }
  publish(server, "t", "unheard");
  EXPECT_TRUE(server.counts(Trouble::kClientGone, 2));
}

TEST(Tcp, AReaderThatIsSlowHasNotVanished) {
  ServerOptions options;
  options.limits.unacknowledged = Millis(400);
  TestServer server(options);
  publish(server, "t", std::string(900'000, 'x'));
  Peer slow(server.port(), 16'384);
  slow.send(get("/poll/t?after=0"));
  const TimePoint until = steady_now() + Millis(2'000);
  std::size_t got = 0;
  while (steady_now() < until) {  // its window opens by a little, never by a whole segment
    got += slow.exactly(400).size();
    ::poll(nullptr, 0, 20);
  }
  EXPECT_GT(got, 20'000U);
  EXPECT_TRUE(slow.until("\"}\n").ends_with("\"}\n"));
}

}  // namespace
}  // namespace pushbench::servers
