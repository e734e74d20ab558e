#include "servers/floor/requesters.h"

#include "servers/floor/test_server.h"

#include <gtest/gtest.h>

namespace pushbench::servers::floor {
namespace {

TEST(Requesters, PollsAreAnsweredInAClosedLoop) {
  const TestServer server;
  sound_run(short_run(Mode::kPoll, server));
}

TEST(Requesters, EchoesComeBackInAClosedLoop) {
  const TestServer server;
  sound_run(short_run(Mode::kEcho, server));
}

TEST(Requesters, AnOpenLoopKeepsItsRate) {
  const TestServer server;
  for (const Mode mode : {Mode::kPoll, Mode::kEcho}) {
    ClientOptions options = short_run(mode, server);
    options.rate = 200;
    const Figures figures = sound_run(options);
    EXPECT_GE(figures.published, 30U);
    EXPECT_LE(figures.published, 400U);
  }
}

}  // namespace
}  // namespace pushbench::servers::floor
