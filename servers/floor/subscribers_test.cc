#include "servers/floor/subscribers.h"

#include "servers/floor/test_server.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <thread>

namespace pushbench::servers::floor {
namespace {

class Pushed : public ::testing::TestWithParam<Mode> {};

TEST_P(Pushed, EveryEventReachesEverybodyInAClosedLoop) {
  const TestServer server;
  const ClientOptions options = short_run(GetParam(), server);
  const Figures figures = sound_run(options);
  EXPECT_GT(figures.published, 0U);
  // The edges of the window cut through one event each.
  EXPECT_GE(figures.deliveries + options.clients, figures.published * options.clients);
  EXPECT_LE(figures.deliveries, (figures.published + 1) * options.clients);
}

TEST_P(Pushed, AnOpenLoopKeepsItsRate) {
  const TestServer server;
  ClientOptions options = short_run(GetParam(), server);
  options.rate = 100;
  const Figures figures = sound_run(options);
  // 20 in the window. A busy machine may not get to the last of them; a closed loop makes
  // thousands.
  EXPECT_GE(figures.published, 5U);
  EXPECT_LE(figures.published, 200U);
}

INSTANTIATE_TEST_SUITE_P(
    Modes,
    Pushed,
    ::testing::Values(Mode::kLongPoll, Mode::kStream, Mode::kSse, Mode::kWebSocket),
    [](const auto& tested) {
      std::string name(row_of(tested.param).name);
      std::erase(name, '-');
      return name;
    });

TEST(Subscribers, SeveralEventsAreInFlight) {
  const TestServer server;
  ClientOptions options = short_run(Mode::kWebSocket, server);
  options.in_flight = 16;
  EXPECT_GT(sound_run(options).published, 16U);
}

TEST(Subscribers, AServerThatStopsIsAnErrorForEveryClient) {
  std::optional<TestServer> server(std::in_place);
  ClientOptions options = short_run(Mode::kStream, *server);
  options.measure = std::chrono::seconds(1);
  options.rate = 10;
  std::thread ends([&server] {
    Epoll().wait(600);
    server.reset();
  });
  const auto figures = run_client(options);
  ends.join();
  ASSERT_TRUE(figures);
  EXPECT_GE(figures->errors, options.clients);
}

}  // namespace
}  // namespace pushbench::servers::floor
