#include "harness/swarm/sock_diag.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <netinet/tcp.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pushbench::swarm {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Answers of Linux 6.18, in hex. Sequence number 7.
// Port 45678: the end of a server with 1,000 unread bytes, one of its in TIME_WAIT, the end of
// the client 127.16.0.9; then the end of the dump.
constexpr std::string_view kIp4 =
    "ac0000001200020007000000e417000002010000b26ed32f7f0000010000000000000000000000007f100009"
    "000000000000000000000000000000004b7d02000000000000000000e80300000000000000000000fe8a0c00"
    "050008000000000008000f00000000000c001500010000000000000006001600520000002800070028070000"
    "0000020000000000000e0100d808000000000000000000000000000000000000080004006262720060000000"
    "1200020007000000e417000002060300b26eee067f0000010000000000000000000000007f00000100000000"
    "000000000000000000000000c57d02000000000088e900000000000000000000000000000000000008000f00"
    "00000000ac0000001200020007000000e417000002010000d32fb26e7f100009000000000000000000000000"
    "7f00000100000000000000000000000000000000839002000000000000000000000000000000000000000000"
    "fd8a0c00050008000000000008000f00000000000c0015000100000000000000060016005200000028000700"
    "000000000000020000000000000e010000000000000000000000000000000000000000000800040062627200"
    "140000000300020007000000e417000000000000";
// Port 45679: the end of a server that listens on [::], of the client 127.16.0.7 over IPv4.
constexpr std::string_view kMapped =
    "ac0000001200020007000000e41700000a010000b26f935f00000000000000000000ffff7f00000100000000"
    "000000000000ffff7f10000700000000179702000000000000000000000000000000000000000000018b0c00"
    "050008000000000008000f00000000000c001500010000000000000006001600120000002800070000000000"
    "0000020000000000001e3c000000000000000000000000000000000000000000080004006262720014000000"
    "0300020007000000e417000000000000";

std::vector<char> bytes_of(std::string_view hex) {
  std::vector<char> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string text_of(const DiagAddress& address) {
  return asio::ip::make_address_v6(address).to_string();
}

struct Read {
  DiagPart part = DiagPart::kMore;
  std::vector<DiagSocket> sockets;
};

Read read(const std::vector<char>& bytes, std::uint32_t sequence = 7) {
  Read out;
  out.part = read_diag(std::span(bytes), sequence,
                       [&](const DiagSocket& socket) { out.sockets.push_back(socket); });
  return out;
}

TEST(SockDiag, ReadsWhatTheKernelSaid) {
  const auto bytes = bytes_of(kIp4);
  const Read answer = read(bytes);
  EXPECT_EQ(answer.part, DiagPart::kDone);
  ASSERT_EQ(answer.sockets.size(), 3U);
  const auto find = [&](std::uint8_t state, std::uint16_t local_port) {
    return *std::find_if(answer.sockets.begin(), answer.sockets.end(), [&](const auto& socket) {
      return socket.state == state && (socket.local_port == 45678) == (local_port == 45678);
    });
  };
  const DiagSocket server = find(TCP_ESTABLISHED, 45678);
  EXPECT_EQ(text_of(server.local), "::ffff:127.0.0.1");
  EXPECT_EQ(text_of(server.remote), "::ffff:127.16.0.9");
  EXPECT_EQ(server.queue_bytes, 1000U);
  EXPECT_EQ(server.memory_bytes, 0x728U + 0x8d8U);  // received, reserved
  EXPECT_EQ(server.congestion_control, "bbr");
  EXPECT_TRUE(server.tcp_info.empty());
  const DiagSocket client = find(TCP_ESTABLISHED, 0);
  EXPECT_EQ(client.remote_port, 45678);
  EXPECT_EQ(client.local_port, server.remote_port);
  EXPECT_EQ(client.queue_bytes, 0U);
  const DiagSocket waiting = find(TCP_TIME_WAIT, 45678);
  EXPECT_EQ(waiting.memory_bytes, 0U);
  EXPECT_TRUE(waiting.congestion_control.empty());
}

TEST(SockDiag, AServerOfBothFamiliesLooksTheSame) {
  const auto bytes = bytes_of(kMapped);
  const Read answer = read(bytes);
  ASSERT_EQ(answer.sockets.size(), 1U);
  EXPECT_TRUE(is_mapped_v4(answer.sockets[0].local));
  EXPECT_EQ(text_of(answer.sockets[0].remote), "::ffff:127.16.0.7");
  EXPECT_EQ(answer.sockets[0].local_port, 45679);
}

TEST(SockDiag, MessagesOfAnEarlierDumpArePassedOver) {
  const auto bytes = bytes_of(kIp4);
  const Read answer = read(bytes, 8);
  EXPECT_EQ(answer.part, DiagPart::kMore);
  EXPECT_TRUE(answer.sockets.empty());
}

TEST(SockDiag, NothingIsReadBeyondWhatIsThere) {
  const auto bytes = bytes_of(kIp4);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<char> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_NE(read(cut).part, DiagPart::kDone) << size;
  }
  for (std::size_t i = 0; i < 2; ++i) {  // the length of the first message, and of an attribute
    auto broken = bytes;
    broken[i == 0 ? 0 : 88] = 1;
    const Read answer = read(broken);
    EXPECT_EQ(answer.part, i == 0 ? DiagPart::kFailed : DiagPart::kDone);
  }
}

TEST(SockDiag, AnErrorOfTheKernelIsAFailure) {
  // NLMSG_ERROR with -ENOENT, and an end of the dump that says the same.
  EXPECT_EQ(read(bytes_of("14000000020000000700000000000000feffffff")).part, DiagPart::kFailed);
  EXPECT_EQ(read(bytes_of("14000000030002000700000000000000feffffff")).part, DiagPart::kFailed);
}

TEST(SockDiag, TheKernelListsBothEndsOfOnePortOnly) {
  asio::io_context context(1);
  const auto loopback = asio::ip::address_v4::loopback();
  tcp::acceptor acceptor(context, tcp::endpoint(loopback, 0));
  tcp::acceptor other(context, tcp::endpoint(loopback, 0));
  tcp::socket client(context);
  tcp::socket stranger(context);
  client.connect(acceptor.local_endpoint());
  stranger.connect(other.local_endpoint());
  const tcp::socket accepted = acceptor.accept();
  const tcp::socket accepted_other = other.accept();
  SockDiag diag;
  for (const bool detailed : {false, true}) {
    std::vector<DiagSocket> seen;
    bool complete = true;
    ASSERT_TRUE(diag.dump(acceptor.local_endpoint().port(), detailed, [&](const DiagSocket& one) {
      if (one.state != TCP_ESTABLISHED) {
        return;  // of an earlier connection that had this port at its other end
      }
      seen.push_back(one);
      complete &= detailed != one.tcp_info.empty() && detailed != one.congestion_control.empty();
    }));
    EXPECT_EQ(seen.size(), 2U);
    EXPECT_TRUE(complete) << detailed;
  }
}

}  // namespace
}  // namespace pushbench::swarm
