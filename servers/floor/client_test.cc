#include "servers/floor/client.h"

#include "servers/floor/test_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace pushbench::servers::floor {
namespace {

using ::testing::HasSubstr;

TEST(Client, IdleConnectionsStandAndCostNothing) {
  const TestServer server;
  for (const Mode mode : {Mode::kIdleStream, Mode::kIdleWebSocket}) {
    const ClientOptions options = short_run(mode, server);
    const auto figures = run_client(options);
    ASSERT_TRUE(figures) << figures.error().text;
    EXPECT_EQ(figures->live, options.clients);
    EXPECT_EQ(figures->errors, 0U);
    EXPECT_EQ(figures->deliveries, 0U);
    EXPECT_TRUE(figures->server_rss_bytes);
    EXPECT_GT(figures->client_rss_bytes, 0U);
  }
}

TEST(Client, CountsTheCostOfTheServerOnlyWhenItKnowsTheProcess) {
  const TestServer server;
  ClientOptions options = short_run(Mode::kWebSocket, server);
  EXPECT_TRUE(sound_run(options).server_cpu);
  options.pid = 0;
  EXPECT_FALSE(sound_run(options).server_cpu);
}

TEST(Client, SaysThatThereIsNoServer) {
  ClientOptions options;
  {
    const TestServer gone;
    options = short_run(Mode::kWebSocket, gone);
  }
  const auto figures = run_client(options);
  ASSERT_FALSE(figures);
  EXPECT_THAT(figures.error().text, HasSubstr("start the server first"));
}

TEST(Client, SaysThatThereAreTooFewDescriptors) {
  ClientOptions options;
  options.clients = std::numeric_limits<std::uint32_t>::max() - 100;
  const auto figures = run_client(options);
  ASSERT_FALSE(figures);
  EXPECT_THAT(figures.error().text, HasSubstr("ulimit -n"));
}

TEST(Client, CountsConnectionsThatAServerRefuses) {
  const TestServer server;
  ClientOptions options = short_run(Mode::kIdleStream, server);
  options.path = "/nowhere";
  const auto figures = run_client(options);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->live, 0U);
  EXPECT_EQ(figures->errors, options.clients);
}

}  // namespace
}  // namespace pushbench::servers::floor
