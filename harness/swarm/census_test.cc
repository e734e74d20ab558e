#include "harness/swarm/census.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
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
  void end_one(tcp::socket client) {
    accepted_.back().close();
    char byte = 0;
    boost::system::error_code ec;
    client.read_some(asio::buffer(&byte, 1), ec);  // sees the end, then closes second
    client.close();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::vector<tcp::socket> accepted_;
  Census census_;
};

// The side that closes first keeps TIME_WAIT.
TEST_F(CensusTest, CountsThoseOfThePort) {
  const auto before = census_.time_wait(port(), std::nullopt);
  ASSERT_TRUE(before);
  for (int i = 0; i < 3; ++i) {
    end_one(connect(asio::ip::address_v4::loopback()));
  }
  EXPECT_EQ(census_.time_wait(port(), std::nullopt), *before + 3);
}

TEST_F(CensusTest, CountsThoseOfTheClientsAddressesOnly) {
  for (int i = 0; i < 3; ++i) {
    end_one(connect(asio::ip::make_address_v4("127.201.0.7")));
  }
  end_one(connect(asio::ip::make_address_v4("127.202.0.7")));
  EXPECT_EQ(census_.time_wait(port(), Census::Net{127, 201}), 3U);
  EXPECT_EQ(census_.time_wait(port(), Census::Net{127, 202}), 1U);
  EXPECT_EQ(census_.time_wait(port(), Census::Net{127, 203}), 0U);
}

}  // namespace
}  // namespace pushbench::swarm
