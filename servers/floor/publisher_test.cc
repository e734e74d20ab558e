#include "servers/floor/publisher.h"

#include "servers/floor/test_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <thread>

namespace pushbench::servers::floor {
namespace {

TEST(Publisher, PostsAndReadsTheAnswers) {
  const TestServer server;
  auto publisher = Publisher::open(short_run(Mode::kWebSocket, server), 1);
  ASSERT_TRUE(publisher) << publisher.error().text;
  EXPECT_TRUE(publisher->seed());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(publisher->post(steady_now())) << i;
  }
}

// A floor server takes every POST, so the one that answers is made by hand.
TEST(Publisher, SaysWhatTheServerAnswered) {
  const Descriptor listener = std::move(listen_on(0).value());
  ClientOptions options;
  options.port = port_of(listener.get());
  std::thread refuses([&listener] {
    Epoll epoll;
    epoll.add(listener.get(), EPOLLIN, 1);
    epoll.wait(5000);
    const Descriptor peer(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    std::array<char, 4096> bytes;
    static_cast<void>(::recv(peer.get(), bytes.data(), bytes.size(), 0));
    write_whole(peer.get(), "HTTP/1.1 507 Insufficient Storage\r\n\r\n");
    static_cast<void>(::recv(peer.get(), bytes.data(), bytes.size(), 0));
  });
  {
    auto publisher = Publisher::open(options, 1);
    ASSERT_TRUE(publisher);
    const auto seeded = publisher->seed();
    ASSERT_FALSE(seeded);
    EXPECT_THAT(seeded.error().text, ::testing::HasSubstr("POST /publish/floor: status 507"));
  }
  refuses.join();
}

}  // namespace
}  // namespace pushbench::servers::floor
