// What run_command refuses before anything starts; whole runs are tested end to end in harness/e2e.
#include "harness/app/captured.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

namespace pushbench::app {
namespace {

std::string scenario_file(const std::string& name, const std::string& text) {
  std::string path = ::testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

constexpr const char* kSmall =
    "name: small\nclients: 5\nevents: {rate: 10/s}\nphases: {measure: 2s}\nstrategies:\n  - "
    "websocket: {}\n";

// The slave end of a pseudo terminal, and an environment without opinions on colour.
class Colour : public ::testing::Test {
 protected:
  Colour() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(master_), 0);
    EXPECT_EQ(unlockpt(master_), 0);
    terminal_ = std::fopen(ptsname(master_), "r+");
    for (const char* name : {"NO_COLOR", "CI", "TERM"}) {
      if (const char* value = std::getenv(name)) {
        before_.emplace_back(name, value);
      }
      unsetenv(name);
    }
  }
  ~Colour() override {
    std::fclose(terminal_);
    close(master_);
    for (const char* name : {"NO_COLOR", "CI", "TERM"}) {
      unsetenv(name);
    }
    for (const auto& [name, value] : before_) {
      setenv(name.c_str(), value.c_str(), 1);
    }
  }
  bool shown_with(const char* name, const char* value) const {
    setenv(name, value, 1);
    const bool shown = wants_colour(true, terminal_);
    unsetenv(name);
    return shown;
  }
  int master_;
  std::FILE* terminal_ = nullptr;
  std::vector<std::pair<std::string, std::string>> before_;
};

TEST_F(Colour, OnATerminalThatHasNothingAgainstIt) {
  ASSERT_NE(terminal_, nullptr);
  EXPECT_TRUE(wants_colour(true, terminal_));
  EXPECT_FALSE(wants_colour(false, terminal_));
  EXPECT_TRUE(shown_with("NO_COLOR", ""));
  EXPECT_FALSE(shown_with("NO_COLOR", "1"));
  EXPECT_FALSE(shown_with("CI", "true"));
  EXPECT_TRUE(shown_with("TERM", "xterm-256color"));
  EXPECT_FALSE(shown_with("TERM", "dumb"));
}

TEST_F(Colour, NeverInAFile) {
  const Captured captured;
  EXPECT_FALSE(wants_colour(true, captured.streams().out));
}

TEST(RunCommand, AScenarioMistakeNamesItsPlace) {
  RunArguments arguments;
  arguments.scenarios = {
      scenario_file("mistake.yaml", "name: x\ncleints: 5\nstrategies:\n  - websocket: {}\n")};
  Captured captured;
  EXPECT_EQ(run_command(arguments, captured.streams()), 2);
  EXPECT_NE(captured.err().find("mistake.yaml:2:1: "), std::string::npos) << captured.err();
  EXPECT_NE(captured.err().find("did you mean 'clients'?"), std::string::npos) << captured.err();
}

TEST(RunCommand, AnUnknownThresholdMetricIsAMistakeOfTheScenario) {
  RunArguments arguments;
  arguments.scenarios = {
      scenario_file("threshold.yaml", std::string(kSmall) + "thresholds: [latency.p98 < 20ms]\n")};
  Captured captured;
  EXPECT_EQ(run_command(arguments, captured.streams()), 2);
  EXPECT_NE(captured.err().find("latency.p98"), std::string::npos) << captured.err();
}

TEST(RunCommand, ATargetThatIsDownEndsBeforeAnythingIsWritten) {
  RunArguments arguments;
  arguments.scenarios = {scenario_file("down.yaml", kSmall)};
  arguments.server = "http://127.0.0.1:1";
  arguments.out = ::testing::TempDir() + "down-run";
  std::filesystem::remove_all(arguments.out);
  Captured captured;
  EXPECT_EQ(run_command(arguments, captured.streams()), 1);
  EXPECT_NE(captured.err().find("Connection refused"), std::string::npos) << captured.err();
  EXPECT_FALSE(std::filesystem::exists(arguments.out));
}

TEST(RunCommand, AServersProcessMustBeThereAndAnothersServer) {
  RunArguments arguments;
  arguments.scenarios = {scenario_file("pid.yaml", kSmall)};
  arguments.server_pid = 1;
  Captured alone;
  EXPECT_EQ(run_command(arguments, alone.streams()), 2);
  EXPECT_NE(alone.err().find("--server-pid: expected --server URL"), std::string::npos);
  arguments.server = "http://127.0.0.1:1";
  for (const int pid : {0, -1, 0x3fffffff}) {
    arguments.server_pid = pid;
    Captured captured;
    EXPECT_EQ(run_command(arguments, captured.streams()), 2);
    EXPECT_NE(captured.err().find("expected the id of the process that serves http://127.0.0.1:1"),
              std::string::npos)
        << captured.err();
  }
}

TEST(RunCommand, AMetricsPageIsOfAnothersServerAndMustBeThere) {
  RunArguments arguments;
  arguments.scenarios = {scenario_file("page.yaml", kSmall)};
  arguments.server_metrics = "http://127.0.0.1:1/metrics";
  const auto expect = [&](int code, const char* text) {
    Captured captured;
    EXPECT_EQ(run_command(arguments, captured.streams()), code);
    EXPECT_NE(captured.err().find(text), std::string::npos) << captured.err();
  };
  expect(2, "--server-metrics: expected --server URL beside it");
  arguments.server = "http://127.0.0.1:1";
  expect(1, "--server-metrics: http://127.0.0.1:1/metrics cannot be read: Connection refused");
  arguments.server_metrics = "127.0.0.1:1";
  expect(2, "--server-metrics: expected a URL such as http://127.0.0.1:8080/metrics");
  arguments.server_pid = getpid();
  expect(2, "give one of them");
}

TEST(RunCommand, TooManyClientsForThisMachineIsRefused) {
  RunArguments arguments;
  arguments.scenarios = {scenario_file("many.yaml", kSmall)};
  arguments.overrides.clients = "999999";
  arguments.overrides.rtt = "10ms";  // emulated links stay in one table of descriptors
  Captured captured;
  EXPECT_EQ(run_command(arguments, captured.streams()), 2);
  EXPECT_NE(captured.err().find("descriptors"), std::string::npos) << captured.err();
}

TEST(RunCommand, AnUnwritableOutIsRefused) {
  RunArguments arguments;
  arguments.scenarios = {scenario_file("out.yaml", kSmall)};
  arguments.out = "/proc/self/run";
  Captured captured;
  EXPECT_EQ(run_command(arguments, captured.streams()), 1);
  EXPECT_NE(captured.err().find("--out"), std::string::npos) << captured.err();
}

TEST(RunCommand, OneOutForSeveralRunsIsRefused) {
  RunArguments arguments;
  arguments.scenarios = {"quick", "chat"};
  arguments.out = "somewhere";
  Captured captured;
  EXPECT_EQ(run_command(arguments, captured.streams()), 2);
}

}  // namespace
}  // namespace pushbench::app
