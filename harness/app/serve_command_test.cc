#include "harness/app/captured.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(ServeCommand, APortInUseIsOneSentenceAndCodeOne) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor taken(context, {boost::asio::ip::address_v4::loopback(), 0});
  servers::ServerOptions options;
  options.port = taken.local_endpoint().port();
  Captured captured;
  EXPECT_EQ(serve_command(options, captured.streams()), 1);
  EXPECT_NE(captured.err().find(std::to_string(options.port)), std::string::npos) << captured.err();
  EXPECT_NE(captured.err().find("in use"), std::string::npos) << captured.err();
  EXPECT_EQ(captured.out(), "");
}

}  // namespace
}  // namespace pushbench::app
