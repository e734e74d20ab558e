#include "harness/swarm/census.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <vector>

namespace pushbench::swarm {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class CensusTest : public ::testing::Test {
 protected:
  tcp::socket connect(const asio::ip::address_v4& source) {
    tcp::socket client(context_);
    client.open(tcp::v4());
    client.bind({source, 0});
    client.connect(acceptor_.local_endpoint());
    accepted_.push_back(acceptor_.accept());
    return client;
  }
  tcp::socket connect(const char* source) { return connect(asio::ip::make_address_v4(source)); }
  static void read_end(tcp::socket& socket) {
    char byte = 0;
    boost::system::error_code ec;
    socket.read_some(asio::buffer(&byte, 1), ec);
    EXPECT_EQ(ec, asio::error::eof);
  }
  // Closed by the server first, which keeps TIME_WAIT.
  void end_one(tcp::socket client) {
    accepted_.back().close();
    read_end(client);
    client.close();
  }
  CensusCount count(std::optional<Census::Net> net, bool detailed = false) {
    const auto taken = census_.take(
        {.server = acceptor_.local_endpoint(), .clients = net, .foreign_ports = foreign_},
        detailed);
    EXPECT_TRUE(taken);
    return taken.value_or(CensusCount());
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::vector<tcp::socket> accepted_;
  std::vector<std::uint16_t> foreign_;
  Census census_;
};

TEST_F(CensusTest, IsOffered) {
  EXPECT_TRUE(Census::available());
}

TEST_F(CensusTest, TellsTheStatesOfBothEnds) {
  const auto open = connect("127.201.0.7");
  auto left = connect("127.201.0.7");
  left.shutdown(tcp::socket::shutdown_send);
  read_end(accepted_.back());  // the server has not closed yet
  for (int i = 0; i < 3; ++i) {
    end_one(connect("127.201.0.7"));
  }
  const auto now = count(Census::Net{127, 201});
  EXPECT_EQ(now.clients.established, 1U);
  EXPECT_EQ(now.clients.close_wait, 0U);
  EXPECT_EQ(now.clients.time_wait, 0U);
  EXPECT_EQ(now.clients.sockets, 2U);  // FIN_WAIT2 is none of the three
  EXPECT_EQ(now.server.established, 1U);
  EXPECT_EQ(now.server.close_wait, 1U);
  EXPECT_EQ(now.server.time_wait, 3U);
  // The FIN of the one that is half closed takes a place of the stream until it is acknowledged.
  EXPECT_LE(now.clients.queue_bytes + now.server.queue_bytes, 1U);
}

TEST_F(CensusTest, TimeWaitStaysWithTheSideThatClosesFirst) {
  auto client = connect("127.201.0.8");
  client.close();
  read_end(accepted_.back());
  accepted_.back().close();
  const auto now = count(Census::Net{127, 201});
  EXPECT_EQ(now.clients.time_wait, 1U);
  EXPECT_EQ(now.server.time_wait, 0U);
}

TEST_F(CensusTest, QueuesHoldWhatNobodyHasRead) {
  auto client = connect("127.202.0.7");
  asio::write(client, asio::buffer(std::vector<char>(1000)));
  asio::write(accepted_.back(), asio::buffer(std::vector<char>(300)));
  accepted_.back().wait(tcp::socket::wait_read);
  client.wait(tcp::socket::wait_read);
  const auto now = count(Census::Net{127, 202});
  EXPECT_EQ(now.server.queue_bytes, 1000U);
  EXPECT_EQ(now.clients.queue_bytes, 300U);
  EXPECT_GE(now.memory_bytes, 1300U);
}

TEST_F(CensusTest, OtherAddressesAreOthers) {
  const auto a = connect("127.203.0.7");
  const auto b = connect("127.204.0.7");
  EXPECT_EQ(count(Census::Net{127, 203}).clients.established, 1U);
  EXPECT_EQ(count(Census::Net{127, 205}).server.established, 0U);
  EXPECT_EQ(count(std::nullopt).clients.established, 2U);
  foreign_ = {b.local_endpoint().port()};  // where nobody has addresses of his own
  EXPECT_EQ(count(std::nullopt).clients.established, 1U);
  EXPECT_EQ(count(std::nullopt).server.established, 1U);
}

TEST_F(CensusTest, AServerOfBothFamiliesHasItsEndsSeen) {
  tcp::acceptor both(context_, tcp::v6());
  both.set_option(asio::ip::v6_only(false));
  both.bind({asio::ip::address_v6::any(), 0});
  both.listen();
  const std::uint16_t port = both.local_endpoint().port();
  tcp::socket client(context_);
  client.connect({asio::ip::address_v4::loopback(), port});
  const tcp::socket accepted = both.accept();
  const auto now = census_.take({.server = {asio::ip::address_v4::loopback(), port},
                                 .clients = std::nullopt,
                                 .foreign_ports = {}},
                                true);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->clients.established, 1U);
  EXPECT_EQ(now->server.established, 1U);
  EXPECT_EQ(now->server.traffic.ip_in_bytes, now->clients.traffic.ip_out_bytes);  // IPv4's heads
}

TEST_F(CensusTest, InDetailBothEndsSayTheSameOfTheWire) {
  auto client = connect("127.206.0.7");
  client.set_option(tcp::no_delay(true));
  asio::write(client, asio::buffer(std::vector<char>(100)));
  accepted_.back().wait(tcp::socket::wait_read);
  const auto now = count(Census::Net{127, 206}, true);
  const auto& clients = now.clients.traffic;
  const auto& server = now.server.traffic;
  EXPECT_TRUE(now.clients.traffic_known);
  EXPECT_EQ(clients.sockets, 1U);
  EXPECT_EQ(clients.bytes_out, 100U);
  EXPECT_EQ(clients.segments_out, 3U);  // SYN, acknowledgement, data
  EXPECT_EQ(server.segments_in, clients.segments_out);
  EXPECT_EQ(server.ip_out_bytes, clients.ip_in_bytes);
  EXPECT_EQ(now.clients.congestion_control.size(), 1U);
  EXPECT_EQ(now.clients.data_per_segment.size(), 1U);
}

}  // namespace
}  // namespace pushbench::swarm
