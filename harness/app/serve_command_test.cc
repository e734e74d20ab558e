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
  EXPECT_EQ(serve_command(options, {}, captured.streams()), 1);
  EXPECT_NE(captured.err().find(std::to_string(options.port)), std::string::npos) << captured.err();
  EXPECT_NE(captured.err().find("in use"), std::string::npos) << captured.err();
  EXPECT_EQ(captured.out(), "");
}

TEST(ServeCommand, AReplayThatCannotBeReadIsOneSentenceAndCodeTwo) {
  for (const auto& [text, expected] :
       {std::pair{"/a", "TARGET=TOPIC:FILE"},
        {"a=t:x", "TARGET=TOPIC:FILE"},
        {"/a=t/u:x", "the topic is"},
        {"/a=t:/nowhere/x.http", "cannot read"},
        {"/a?b=c=t:" PUSHBENCH_SCENARIOS "/quick.yaml", "the file is not one HTTP/1.1 response"}}) {
    Captured captured;
    EXPECT_EQ(serve_command({}, {text}, captured.streams()), 2) << text;
    EXPECT_NE(captured.err().find(expected), std::string::npos) << captured.err();
  }
}

}  // namespace
}  // namespace pushbench::app
