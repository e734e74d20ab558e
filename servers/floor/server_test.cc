#include "servers/floor/server.h"

#include "harness/wire/websocket.h"
#include "servers/floor/load.h"
#include "servers/floor/test_server.h"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>

namespace pushbench::servers::floor {
namespace {

constexpr int kHearMs = 5000;

// One client that writes and reads by hand.
class Peer {
 public:
  explicit Peer(const TestServer& server) : socket_(connect_to(server.port(), 0)) {
    epoll_.add(socket_.get(), EPOLLIN, 1);
  }
  void say(std::string_view bytes) {
    while (!write_whole(socket_.get(), bytes)) {  // until the connection stands
    }
  }
  // What comes until `size` bytes are there, the end, or seconds have passed.
  std::string hear(std::size_t size) {
    std::string all;
    std::array<char, 4096> bytes;
    while (all.size() < size && !epoll_.wait(kHearMs).empty()) {
      const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
      if (got <= 0) {
        break;
      }
      all.append(bytes.data(), static_cast<std::size_t>(got));
    }
    return all;
  }
  std::string ask(std::string_view path, bool upgrade = false) {
    say(request_text(path, upgrade));
    return hear(1);
  }

 private:
  Descriptor socket_;
  Epoll epoll_;
};

std::string post(std::string_view text) {
  return "POST /publish/x HTTP/1.1\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
         std::string(text);
}

TEST(Server, AnswersAPublisherAndPolls) {
  const TestServer server;
  Peer peer(server);
  EXPECT_TRUE(peer.ask("/poll/x").starts_with("HTTP/1.1 404"));  // there is no event yet
  peer.say(post("one"));
  EXPECT_EQ(peer.hear(1), "HTTP/1.1 204 No Content\r\nETag: \"1\"\r\n\r\n");
  EXPECT_TRUE(peer.ask("/poll/x").ends_with("\r\n\r\none"));
  EXPECT_TRUE(peer.ask("/nothing").starts_with("HTTP/1.1 404"));
  // Two requests in one write, the second cut in two.
  peer.say(post("two") + post("three").substr(0, 10));
  EXPECT_NE(peer.hear(1).find("\"2\""), std::string::npos);
  peer.say(post("three").substr(10));
  EXPECT_NE(peer.hear(1).find("\"3\""), std::string::npos);
}

TEST(Server, PushesAnEventToEverySubscriber) {
  const TestServer server;
  Peer websocket(server), stream(server), sse(server), held(server), publisher(server);
  EXPECT_TRUE(websocket.ask("/ws/x", true).starts_with("HTTP/1.1 101"));
  EXPECT_EQ(stream.ask("/stream/x"), kStreamHead);
  EXPECT_EQ(sse.ask("/sse/x"), kSseHead);
  publisher.say(post("one"));
  EXPECT_EQ(websocket.hear(5), "\x81\x03one");
  EXPECT_EQ(stream.hear(9), "4\r\none\n\r\n");
  EXPECT_EQ(sse.hear(16), "b\r\ndata: one\n\n\r\n");
  EXPECT_TRUE(held.ask("/long-poll/x?after=0").ends_with("one"));
  held.say(request_text("/long-poll/x?after=1", false));
  publisher.hear(1);
  publisher.say(post("two"));
  EXPECT_TRUE(held.hear(1).ends_with("two"));
}

TEST(Server, EchoesFramesWithoutTheirMask) {
  const TestServer server;
  Peer peer(server);
  peer.ask("/echo", true);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{125}, std::size_t{126}, std::size_t{1000}}) {
    std::string sent;
    std::string wanted;
    wire::append_frame(sent, wire::Opcode::kText, std::string(size, 'e'), 0x12345678);
    wire::append_frame(wanted, wire::Opcode::kText, std::string(size, 'e'));
    peer.say(std::string_view(sent).substr(0, 5));
    peer.say(std::string_view(sent).substr(5));
    EXPECT_EQ(peer.hear(wanted.size()), wanted);
  }
}

TEST(Server, ForgetsWhoLeaves) {
  const TestServer server;
  Peer publisher(server);
  Peer stays(server);
  stays.ask("/ws/x", true);
  for (int i = 0; i < 3; ++i) {
    Peer leaves(server);
    leaves.ask("/ws/x", true);
    leaves.say(std::string("\x88\x80\0\0\0\0", 6));
    EXPECT_EQ(leaves.hear(1), "");
  }
  publisher.say(post("one"));
  EXPECT_EQ(stays.hear(5), "\x81\x03one");
}

}  // namespace
}  // namespace pushbench::servers::floor
