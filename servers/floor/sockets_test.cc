#include "servers/floor/sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>

namespace pushbench::servers::floor {
namespace {

constexpr int kPatienceMs = 5000;

struct Ends {
  Descriptor listener, client, server;
  std::string client_address;
};

Ends connected(std::uint8_t source) {
  Ends ends;
  ends.listener = std::move(listen_on(0).value());
  ends.client = connect_to(port_of(ends.listener.get()), source);
  Epoll epoll;
  epoll.add(ends.listener.get(), EPOLLIN, 1);
  EXPECT_EQ(epoll.wait(kPatienceMs).size(), 1U);
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  ends.server = Descriptor(::accept4(ends.listener.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                                     SOCK_NONBLOCK | SOCK_CLOEXEC));
  std::array<char, INET_ADDRSTRLEN> text{};
  ends.client_address = ::inet_ntop(AF_INET, &peer.sin_addr, text.data(), text.size());
  return ends;
}

int option(const Descriptor& socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  EXPECT_EQ(::getsockopt(socket.get(), level, name, &value, &size), 0);
  return value;
}

TEST(Sockets, AnAcceptedSocketHasTheOptionsOfItsListener) {
  const Ends ends = connected(0);
  EXPECT_EQ(ends.client_address, "127.0.0.1");
  EXPECT_EQ(connect_error(ends.client.get()), 0);
  for (const Descriptor* const socket : {&ends.client, &ends.server}) {
    EXPECT_EQ(option(*socket, IPPROTO_TCP, TCP_NODELAY), 1);
    EXPECT_EQ(option(*socket, IPPROTO_TCP, TCP_MAXSEG), 1448);
  }
}

TEST(Sockets, AConnectionComesFromTheAddressThatWasChosen) {
  EXPECT_EQ(connected(7).client_address, "127.0.1.7");
}

TEST(Sockets, WritesWholeOrNotAtAll) {
  const Ends ends = connected(0);
  EXPECT_TRUE(write_whole(ends.client.get(), "hello"));
  const std::string too_much(std::size_t{64} * 1024 * 1024, 'x');
  EXPECT_FALSE(write_whole(ends.client.get(), too_much));
}

TEST(Sockets, AResetIsWhatThePeerSees) {
  Ends ends = connected(0);
  reset_on_close(ends.client.get());
  Epoll epoll;
  epoll.add(ends.server.get(), EPOLLIN, 1);
  { const Descriptor gone = std::move(ends.client); }
  ASSERT_EQ(epoll.wait(kPatienceMs).size(), 1U);
  char byte = 0;
  EXPECT_EQ(::recv(ends.server.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST(Sockets, SaysWhyItCannotListen) {
  const Descriptor first = std::move(listen_on(0).value());
  const std::uint16_t port = port_of(first.get());
  const auto second = listen_on(port);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ExitCode::kCouldNotRun);
  EXPECT_THAT(second.error().text, ::testing::HasSubstr("127.0.0.1:" + std::to_string(port)));
}

TEST(Sockets, NobodyThereIsAnErrorOfTheConnect) {
  std::uint16_t port = 0;
  {
    const Descriptor gone = std::move(listen_on(0).value());
    port = port_of(gone.get());
  }
  const Descriptor socket = connect_to(port, 0);
  const int error = socket ? connect_error(socket.get()) : errno;
  EXPECT_EQ(error, ECONNREFUSED);
}

}  // namespace
}  // namespace pushbench::servers::floor
