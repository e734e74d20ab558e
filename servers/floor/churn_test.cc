#include "servers/floor/churn.h"

#include "servers/floor/test_server.h"

#include <gtest/gtest.h>

namespace pushbench::servers::floor {
namespace {

TEST(Churn, EveryPollHasAConnectionOfItsOwn) {
  const TestServer server;
  const ClientOptions options = short_run(Mode::kPollNew, server);
  EXPECT_GT(sound_run(options).deliveries, options.clients);
}

TEST(Churn, EveryAcceptIsOfANewConnection) {
  const TestServer server;
  const ClientOptions options = short_run(Mode::kAccept, server);
  EXPECT_GT(sound_run(options).deliveries, options.clients);
}

TEST(Churn, ARefusalIsAnError) {
  const TestServer server;
  ClientOptions options = short_run(Mode::kAccept, server);
  options.path = "/nowhere";
  const auto figures = run_client(options);
  ASSERT_TRUE(figures);
  EXPECT_GT(figures->errors, 0U);
  EXPECT_EQ(figures->deliveries, 0U);
}

}  // namespace
}  // namespace pushbench::servers::floor
