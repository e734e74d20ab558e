#include "servers/floor/connections.h"

#include "servers/floor/test_server.h"

#include <gtest/gtest.h>

namespace pushbench::servers::floor {
namespace {

class Silent final : public Load {
 public:
  using Load::Load;
  void on_bytes(std::uint32_t, std::string_view, TimePoint) override {}
};

TEST(Connections, OpensAsManyAsItIsTold) {
  const TestServer server;
  ClientOptions options = short_run(Mode::kIdleWebSocket, server);
  options.clients = 300;  // more than are opened at a time
  Silent load(options, 1);
  Connections connections(options, load);
  const TimePoint bound = steady_now() + std::chrono::seconds(20);
  connections.open_until(10, bound);
  EXPECT_EQ(connections.live(), 10U);
  connections.open_until(300, bound);
  EXPECT_EQ(connections.live(), 300U);
  connections.close(3);
  connections.close(3);
  EXPECT_EQ(connections.live(), 299U);
  EXPECT_FALSE(connections.is_live(3));
  EXPECT_EQ(load.counts().errors, 0U);
}

TEST(Connections, WaitsNoLongerThanItMay) {
  const TestServer server;
  const ClientOptions options = short_run(Mode::kIdleStream, server);
  Silent load(options, 1);
  Connections connections(options, load);
  const TimePoint bound = steady_now() + std::chrono::milliseconds(20);
  connections.serve(bound);
  EXPECT_GE(steady_now(), bound);
  connections.serve(bound);  // has passed
}

TEST(Connections, CountsWhatItCannotOpen) {
  ClientOptions options;
  {
    const TestServer gone;
    options = short_run(Mode::kIdleStream, gone);
  }
  Silent load(options, 1);
  Connections connections(options, load);
  connections.open_until(options.clients, steady_now() + std::chrono::seconds(20));
  EXPECT_EQ(connections.live(), 0U);
  EXPECT_EQ(load.counts().errors, options.clients);
}

}  // namespace
}  // namespace pushbench::servers::floor
