#include "harness/swarm/server_child.h"

#include <gtest/gtest.h>

#include <signal.h>

#include <fstream>
#include <sstream>

namespace pushbench::swarm {
namespace {

using Command = std::vector<std::string>;

Command shell(const std::string& script) {
  return {"/bin/sh", "-c", script};
}

TEST(ServerChild, FindsThePortInAnAnnouncement) {
  EXPECT_EQ(announced_port("pushbench serve: listening on http://127.0.0.1:8080\n"), 8080);
  EXPECT_EQ(announced_port("x listening on http://[::1]:65535/\n"), 65535);
  EXPECT_FALSE(announced_port("listening on http://127.0.0.1:0\n"));
  EXPECT_FALSE(announced_port("listening on http://127.0.0.1:70000\n"));
  EXPECT_FALSE(announced_port("hello\n"));
}

TEST(ServerChild, StartsAndStopsByTerm) {
  auto child =
      ServerChild::start(shell("trap 'exit 0' TERM; echo listening on http://127.0.0.1:1234; while "
                               ":; do sleep 0.02; done"),
                         ::testing::TempDir() + "child.log");
  ASSERT_TRUE(child) << child.error().text;
  EXPECT_EQ(child->port(), 1234);
  EXPECT_FALSE(child->ended());
  const int pid = child->pid();
  const TimePoint asked = steady_now();
  child->stop();
  EXPECT_LT(steady_now() - asked, ServerChild::kStopBound) << "SIGTERM was enough";
  EXPECT_NE(kill(pid, 0), 0);
}

TEST(ServerChild, SaysHowAServerDied) {
  auto child = ServerChild::start(shell("echo listening on http://127.0.0.1:1; kill -9 $$"),
                                  ::testing::TempDir() + "child.log");
  ASSERT_TRUE(child);
  const TimePoint until = steady_now() + std::chrono::seconds(5);
  while (!child->ended() && steady_now() < until) {
  }
  EXPECT_EQ(child->ended(), "was killed by signal 9");
}

TEST(ServerChild, AServerThatDoesNotStartIsAClearFailure) {
  const std::string log = ::testing::TempDir() + "child-failed.log";
  const auto child = ServerChild::start(shell("echo no port left >&2; exit 7"), log);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code, ExitCode::kCouldNotRun);
  EXPECT_NE(child.error().text.find("exited with code 7"), std::string::npos) << child.error().text;
  EXPECT_NE(child.error().text.find(log), std::string::npos);
  std::stringstream text;
  text << std::ifstream(log).rdbuf();
  EXPECT_NE(text.str().find("no port left"), std::string::npos);
}

TEST(ServerChild, AMissingProgramIsAClearFailure) {
  const auto child = ServerChild::start({"/no/such/server"}, ::testing::TempDir() + "child.log");
  ASSERT_FALSE(child);
  EXPECT_NE(child.error().text.find("/no/such/server"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::swarm
