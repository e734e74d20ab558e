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
    // Each client has half a second for an answer, beyond which the next would count as lost; there
    // are 20 in the window, and a closed loop makes thousands.
    options.rate = 40;
    options.measure = std::chrono::milliseconds(500);
    const Figures figures = sound_run(options);
    EXPECT_GE(figures.published, 5U);
    EXPECT_LE(figures.published, 200U);
  }
}

}  // namespace
}  // namespace pushbench::servers::floor
