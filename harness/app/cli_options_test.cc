#include "harness/app/cli_options.h"

#include "harness/app/commands.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(CliOptions, OverridesAndRepeatsReachTheirPlaces) {
  CLI::App app;
  plan::Overrides overrides;
  bool colour = true;
  std::vector<int> zero;
  add_overrides(app, overrides);
  add_repeats(app, overrides);
  add_switch_off(app, "--no-colour", colour, "");
  add_exit_zero_on(app, zero);
  app.parse(
      "--clients 5 --repeats 3 --strategy sse --strategy websocket --no-colour "
      "--exit-zero-on 3,99");
  EXPECT_EQ(overrides.clients, "5");
  EXPECT_EQ(overrides.repeats, "3");
  EXPECT_EQ(overrides.strategies, (std::vector<std::string>{"sse", "websocket"}));
  EXPECT_FALSE(colour);
  EXPECT_EQ(zero, (std::vector<int>{3, 99}));
}

TEST(CliOptions, TheServerToDriveReachesItsPlace) {
  CLI::App app;
  RunArguments to;
  add_server(app, to);
  app.parse("--server http://127.0.0.1:1 --server-pid 7 --no-pin --workers 2");
  EXPECT_EQ(to.server, "http://127.0.0.1:1");
  EXPECT_EQ(to.server_pid, 7);
  EXPECT_EQ(to.workers, 2U);
  EXPECT_FALSE(to.pin);
}

TEST(CliOptions, RefusesWhatIsOutsideOfItsRange) {
  CLI::App app;
  std::vector<int> zero;
  add_exit_zero_on(app, zero);
  EXPECT_THROW(app.parse("--exit-zero-on 0"), CLI::ParseError);
}

}  // namespace
}  // namespace pushbench::app
