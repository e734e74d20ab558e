#include "servers/reference/websocket.h"

#include "harness/wire/websocket.h"
#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

using wire::Opcode;

constexpr std::size_t kWebSocketRow = 4;
constexpr std::uint32_t kMask = 0x12345678;

// Key and accept value of RFC 6455 section 1.3.
std::string upgrade(std::string_view target, std::string_view more = {}) {
  return get(target, std::string("Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                 "Sec-WebSocket-Version: 13\r\n")
                         .append(more));
}

std::string switched(int seq) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nPushbench-Seq: " +
         std::to_string(seq) + "\r\n\r\n";
}

std::string frame(Opcode opcode, std::string_view payload, bool masked = true) {
  std::string out;
  wire::append_frame(out, opcode, payload, masked ? std::optional(kMask) : std::nullopt);
  return out;
}

std::string close_frame(std::uint16_t code, std::string_view reason, bool masked = false) {
  std::string out;
  wire::append_close(out, code, reason, masked ? std::optional(kMask) : std::nullopt);
  return out;
}

ServerOptions with_echo() {
  ServerOptions options;
  options.echo = true;
  return options;
}

TEST(WebSocket, AnEventIsATextMessage) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(upgrade("/ws/t")), switched(0));
  publish(server, "t", "hello");
  EXPECT_EQ(peer.exactly(7), "\x81\x05hello");
  publish(server, "t", std::string(126, 'x'));
  EXPECT_EQ(peer.exactly(130), std::string("\x81\x7e\x00\x7e", 4) + std::string(126, 'x'));
}

TEST(WebSocket, ResumesAndTellsAGap) {
  TestServer server(short_log());
  fill_short_log(server);
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(upgrade("/ws/t?after=18")), switched(18));
  EXPECT_EQ(peer.exactly(8),
            "\x81\x02"
            "19\x81\x02"
            "20");
  for (const char* after : {"8", "21"}) {
    Peer late(server.port());
    EXPECT_EQ(late.ask(upgrade(std::string("/ws/t?after=") + after)), switched(20));
    const std::string told = close_frame(4410, "{\"oldest\":10,\"newest\":20}");
    EXPECT_EQ(late.exactly(told.size()), told);
    late.send(close_frame(4410, "", true));
    EXPECT_EQ(late.rest(), "");
    EXPECT_TRUE(late.closed());
  }
  EXPECT_TRUE(server.counts(Trouble::kGap, 2));
}

TEST(WebSocket, BadUpgradesAreAnsweredInHttp) {
  TestServer server;
  Peer peer(server.port());
  const std::string needs =
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";
  std::string answer = peer.ask(get("/ws/t"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 426 ")) << answer;
  EXPECT_NE(answer.find(needs), std::string::npos) << answer;
  std::string old = upgrade("/ws/t");
  old.replace(old.find("Version: 13"), 11, "Version: 8");
  answer = peer.ask(old);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 426 ")) << answer;
  EXPECT_NE(answer.find(needs), std::string::npos) << answer;
  for (const char* key : {"short==", "dGhlIHNhbXBsZSBub25jZQ",
                          "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25j!A=="}) {
    std::string bad = upgrade("/ws/t");
    bad.replace(bad.find("dGhl"), 24, key);
    EXPECT_TRUE(peer.ask(bad).starts_with("HTTP/1.1 400 ")) << key;
  }
  EXPECT_TRUE(
      peer.ask(upgrade("/ws/t", "Origin: http://evil.test\r\n")).starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(peer.ask(upgrade("/echo")).starts_with("HTTP/1.1 404 "));  // without the option
  EXPECT_EQ(peer.ask(upgrade("/ws/t", "Origin: http://localhost\r\n")), switched(0));
}

TEST(WebSocket, MessagesOfClientsAreCountedAndAPongFollowsThem) {
  TestServer server;
  Peer peer(server.port());
  // Sent with the upgrade in one segment: nothing may be lost behind the head.
  peer.send(upgrade("/ws/t") + frame(Opcode::kText, "abc") + frame(Opcode::kBinary, "defg") +
            frame(Opcode::kPing, "p1") + frame(Opcode::kPing, "p2"));
  EXPECT_EQ(peer.answer(), switched(0));
  EXPECT_EQ(peer.exactly(8), "\x8a\x02p1\x8a\x02p2");
  const Metrics metrics = server.metrics();
  EXPECT_EQ(metrics.upstream_events, 2U);
  EXPECT_EQ(metrics.upstream_bytes, 7U);
}

TEST(WebSocket, TheClosingHandshakeIsAnswered) {
  TestServer server;
  Peer peer(server.port());
  peer.ask(upgrade("/ws/t"));
  peer.send(close_frame(1000, "bye", true));
  EXPECT_EQ(peer.rest(), close_frame(1000, ""));
  EXPECT_TRUE(peer.closed());
  Peer bare(server.port());
  bare.ask(upgrade("/ws/t"));
  bare.send(frame(Opcode::kClose, ""));
  EXPECT_EQ(bare.rest(), std::string("\x88\x00", 2));
  EXPECT_TRUE(server.has_subscribers(kWebSocketRow, 0));
}

struct Breach {
  std::string bytes;
  std::uint16_t code;
};

TEST(WebSocket, BreachesOfTheProtocolCloseWithTheirCode) {
  ServerOptions options = with_echo();
  options.limits.websocket_message = 1000;
  options.limits.websocket_fragments = 8;
  TestServer server(options);
  std::string fragments = frame(Opcode::kText, "");
  fragments[0] = '\x01';
  for (int i = 0; i < 10; ++i) {
    std::string more = frame(Opcode::kContinuation, "");
    more[0] = '\x00';
    fragments += more;
  }
  std::string reserved = frame(Opcode::kText, "a");
  reserved[0] = '\xc1';
  const Breach breaches[] = {{frame(Opcode::kText, "abc", false), 1002},
                             {reserved, 1002},
                             {frame(Opcode::kText, "\xff"), 1007},
                             {frame(Opcode::kBinary, std::string(1001, 'x')), 1009},
                             {fragments, 1008}};
  for (const Breach& breach : breaches) {
    Peer peer(server.port());
    peer.ask(upgrade("/echo"));
    peer.send(breach.bytes);
    const std::string said = peer.rest();
    EXPECT_EQ(said, close_frame(breach.code, "")) << breach.code;
    EXPECT_TRUE(peer.closed());
  }
  EXPECT_TRUE(server.counts(Trouble::kFrame, 3));
  EXPECT_TRUE(server.counts(Trouble::kMessageSize));
  EXPECT_TRUE(server.counts(Trouble::kFragments));
}

TEST(WebSocket, EchoSendsBackWhatCame) {
  TestServer server(with_echo());
  Peer peer(server.port());
  const std::string head = peer.ask(upgrade("/echo"));
  EXPECT_EQ(head.find("Pushbench-Seq"), std::string::npos);
  const std::string large(300'000, 'y');
  const std::string sent = frame(Opcode::kText, "one") + frame(Opcode::kBinary, large);
  for (std::size_t at = 0; at < 20; ++at) {
    peer.send(sent.substr(at, 1));
  }
  peer.send(sent.substr(20));
  const std::string expected =
      frame(Opcode::kText, "one", false) + frame(Opcode::kBinary, large, false);
  EXPECT_EQ(peer.exactly(expected.size()), expected);
}

TEST(WebSocket, AnEchoThatIsNotReadHoldsTheSenderBack) {
  TestServer server(with_echo());
  Peer peer(server.port(), 4096);
  peer.ask(upgrade("/echo"));
  const std::string message = frame(Opcode::kBinary, std::string(60'000, 'z'));
  std::size_t sent = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::size_t size = peer.send_some(message, Millis(200));
    sent += size;
    if (size < message.size()) {
      break;
    }
  }
  EXPECT_LT(sent, 1000 * message.size());
  EXPECT_EQ(server.metrics().connections_open, 1U);
}

TEST(WebSocket, SilenceIsProbedAndThenEnds) {
  ServerOptions options;
  options.limits.websocket_ping = Millis(300);
  options.limits.websocket_pong = Millis(300);
  TestServer server(options);
  Peer peer(server.port());
  peer.ask(upgrade("/ws/t"));
  EXPECT_EQ(peer.exactly(2), std::string("\x89\x00", 2));
  peer.send(frame(Opcode::kPong, ""));
  EXPECT_EQ(peer.exactly(2), std::string("\x89\x00", 2));
  EXPECT_EQ(peer.rest(), "");
  EXPECT_TRUE(peer.closed());
  EXPECT_TRUE(server.counts(Trouble::kSilence));
}

TEST(WebSocket, AnUpgradeBehindALongHoldBeginsWithItsHead) {
  ServerOptions options;
  options.limits.websocket_ping = Millis(200);
  options.limits.websocket_pong = Millis(200);
  TestServer server(options);
  Peer peer(server.port());
  peer.send(get("/long-poll/t?hold=700ms") + upgrade("/ws/t"));
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 204 "));
  EXPECT_EQ(peer.answer(), switched(0));
  EXPECT_EQ(peer.exactly(2), std::string("\x89\x00", 2));
  EXPECT_FALSE(peer.closed());
}

}  // namespace
}  // namespace pushbench::servers
