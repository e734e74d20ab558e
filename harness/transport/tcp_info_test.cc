#include "harness/transport/tcp_info.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace pushbench::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::uint8_t kEstablished = 1, kClose = 7, kCloseWait = 8;

// Where the kernel's struct has its fields; it only ever grows behind them.
constexpr std::size_t kOptionsAt = 5, kRttAt = 68, kSegmentsOutAt = 136, kBytesSentAt = 200,
                      kBytesRetransmittedAt = 208;

template <class Value>
void put(std::vector<char>& bytes, std::size_t at, Value value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

TEST(TcpInfo, AKernelThatCountsNoBytesIsNotRead) {
  EXPECT_FALSE(parse_tcp_info(std::vector<char>(kBytesRetransmittedAt - 1)));
  EXPECT_TRUE(parse_tcp_info(std::vector<char>(kBytesRetransmittedAt)));
  EXPECT_FALSE(parse_tcp_info({}));
  EXPECT_FALSE(read_tcp_info(-1));
}

TEST(TcpInfo, ANewerKernelSaysMore) {
  std::vector<char> bytes(400, 'x');
  put(bytes, kOptionsAt, std::uint8_t{1});
  put(bytes, kRttAt, std::uint32_t{40});
  put(bytes, kSegmentsOutAt, std::uint32_t{3});
  put(bytes, kBytesSentAt, std::uint64_t{5'000'000'000});
  const auto parsed = parse_tcp_info(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->timestamps);
  EXPECT_EQ(parsed->segments_out, 3U);
  EXPECT_EQ(parsed->bytes_out, 5'000'000'000U);
  EXPECT_EQ(parsed->rtt_us, 40U);
}

TEST(TcpInfo, HeadsFollowTheFamilyAndTheTimestamps) {
  const TcpInfo info{.state = kEstablished,
                     .timestamps = true,
                     .segments_out = 10,
                     .segments_in = 8,
                     .bytes_out = 1000,
                     .bytes_in = 2000};
  const auto v4 = traffic_of(info, End::kConnecting, false);
  EXPECT_EQ(v4.ip_out_bytes, 1000U + 9 * 52 + 60);  // one of them is the SYN
  EXPECT_EQ(v4.ip_in_bytes, 2000U + 7 * 52 + 60);
  const auto v6 = traffic_of(info, End::kConnecting, true);
  EXPECT_EQ(v6.ip_out_bytes, 1000U + 9 * 72 + 80);
  auto plain = info;
  plain.timestamps = false;
  EXPECT_EQ(traffic_of(plain, End::kConnecting, false).ip_out_bytes, 1000U + 9 * 40 + 52);
  const auto accepted = traffic_of(info, End::kAccepting, false);
  EXPECT_EQ(accepted.segments_out, 11U);  // the SYN-ACK, which its own counter lacks
  EXPECT_EQ(accepted.segments_in, 8U);
}

TEST(TcpInfo, ClosingAddsWhatComesAfterTheLastLook) {
  TcpInfo info{.state = kEstablished, .timestamps = true, .segments_out = 4, .segments_in = 3};
  const auto open = traffic_of(info, End::kConnecting, false);
  const auto first = traffic_until_closed(info, false);
  EXPECT_EQ(first.segments_out, 6U);
  EXPECT_EQ(first.segments_in, 4U);
  EXPECT_EQ(first.ip_out_bytes, open.ip_out_bytes + 104);
  EXPECT_EQ(first.ip_in_bytes, open.ip_in_bytes + 52);
  info.state = kCloseWait;
  info.bytes_in = 1;  // the peer's FIN
  const auto second = traffic_until_closed(info, false);
  EXPECT_EQ(second.segments_out, 5U);
  EXPECT_EQ(second.segments_in, 4U);
  EXPECT_EQ(second.bytes_in, 0U);
  info.state = kClose;
  EXPECT_EQ(traffic_until_closed(info, false).segments_out, 4U);
}

// Known exchanges over loopback: the counts of both ends are those of a packet capture.
class Loopback : public testing::Test {
 protected:
  Loopback() {
    for (const int descriptor : {acceptor_.native_handle(), client_.native_handle()}) {
      const int mss = kEthernetMss;
      setsockopt(descriptor, IPPROTO_TCP, TCP_MAXSEG, &mss, sizeof mss);
    }
    acceptor_.listen();
    client_.connect(acceptor_.local_endpoint());
    server_ = acceptor_.accept();
    for (tcp::socket* socket : {&client_, &server_}) {
      socket->set_option(tcp::no_delay(true));
    }
  }
  static void move(tcp::socket& from, tcp::socket& to, std::size_t size) {
    std::string bytes(size, 'x');
    asio::write(from, asio::buffer(bytes));
    asio::read(to, asio::buffer(bytes));
  }
  SocketTraffic now(tcp::socket& socket, End end) {
    return traffic_of(*read_tcp_info(socket.native_handle()), end, false);
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_ = bound();
  tcp::socket client_{context_, tcp::v4()};
  tcp::socket server_{context_};

 private:
  tcp::acceptor bound() {
    tcp::acceptor acceptor(context_, tcp::v4());
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    return acceptor;
  }
};

TEST_F(Loopback, AQuestionAndItsAnswer) {
  // SYN, SYN-ACK, acknowledgement. Then a question, its acknowledgement (a fresh connection is
  // acknowledged at once), the answer and its acknowledgement.
  move(client_, server_, 100);
  move(server_, client_, 180);
  const auto client = now(client_, End::kConnecting);
  EXPECT_EQ(client.segments_out, 4U);
  EXPECT_EQ(client.segments_in, 3U);
  EXPECT_EQ(client.ip_out_bytes, 60U + 52 + 152 + 52);
  EXPECT_EQ(client.ip_in_bytes, 60U + 52 + 232);
  const auto server = now(server_, End::kAccepting);
  EXPECT_EQ(server.segments_out, client.segments_in);
  EXPECT_EQ(server.segments_in, client.segments_out);
  EXPECT_EQ(server.ip_out_bytes, client.ip_in_bytes);
  EXPECT_EQ(server.ip_in_bytes, client.ip_out_bytes);
}

TEST_F(Loopback, WhatIsTooLongForOneSegmentIsCut) {
  EXPECT_EQ(read_tcp_info(client_.native_handle())->data_per_segment, 1448U);
  const auto before = now(server_, End::kAccepting);
  move(server_, client_, 4 * 1448 + 1);
  EXPECT_EQ(now(server_, End::kAccepting).segments_out - before.segments_out, 5U);
  EXPECT_EQ(now(server_, End::kAccepting).bytes_out, 4 * 1448U + 1);
}

TEST_F(Loopback, AnEndThatThePeerHasClosed) {
  move(client_, server_, 3);
  server_.close();
  char byte = 0;
  boost::system::error_code ec;
  client_.read_some(asio::buffer(&byte, 1), ec);
  const auto info = read_tcp_info(client_.native_handle());
  ASSERT_TRUE(info);
  EXPECT_EQ(info->state, kCloseWait);
  EXPECT_EQ(traffic_of(*info, End::kConnecting, false).bytes_in, 0U);
}

}  // namespace
}  // namespace pushbench::transport
