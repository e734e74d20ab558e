#include "harness/app/cli.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

#include <vector>

namespace pushbench::app {
namespace {

TEST(Cli, MistakesAreOneSentenceWithTheNearestWordAndCodeTwo) {
  const struct {
    std::vector<const char*> words;
    std::string expected;
  } cases[] = {
      {{}, "name a command, such as 'pushbench run --quick' (commands: run, "},
      {{"rnu"}, "unknown command 'rnu', did you mean 'run'?"},
      {{"run", "--quik"}, "unknown argument '--quik', did you mean '--quick'?"},
      {{"run", "--workers", "many"}, "--workers: Value many not in range 1 to 1024"},
      {{"run", "--server-pid", "all"}, "--server-pid: Value all not in range 1 to 4194304"},
      {{"run", "--workers", "0"}, "--workers: Value 0 not in range"},
      {{"run", "quick", "--exit-zero-on", "x"}, "--exit-zero-on: Value x not in range 1 to 255"},
      {{"run", "quick", "--audit", "maybe"}, "--audit: maybe not in {on,off}"},
      {{"serve", "--log-events", "-5"}, "--log-events: Value -5 not in range"},
      {{"serve", "--threads", "0"}, "--threads: Value 0 not in range 1 to 256"},
      {{"serve", "--write-delay", "2s"}, "expected a duration of at most 1s such as 2ms, got '2s'"},
      {{"serve", "--max-event", "0"}, "--max-event: Value 0 not in range"},
      {{"serve", "--listen", "nowhere"},
       "expected HOST:PORT such as 127.0.0.1:8080, got 'nowhere'"},
      {{"serve", "--listen", "127.0.0.1:99999"}, "expected HOST:PORT"},
      {{"serve", "--inject", "dealy=20ms"}, "did you mean 'delay'"},
      {{"report"}, "file is required"},
      {{"run"}, "name a scenario file or a shipped scenario"},
      {{"run", "qick"},
       "there is no scenario file or shipped scenario 'qick', did you mean 'quick'?"},
      {{"scenarios", "chatt"}, "did you mean 'chat'?"},
      {{"export", "x.json"}, "--to is required"},
      {{"export", "x.json", "--to", "junitt"}, "unknown format 'junitt', did you mean 'junit'?"},
      {{"report", "x.json", "--strict"}, "--strict requires --check"},
      {{"report", "x.json", "--format", "htm"}, "unknown format 'htm', did you mean 'html'?"},
  };
  for (const auto& c : cases) {
    const Ran ran = run_words(c.words);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_NE(ran.err.find(c.expected), std::string::npos) << ran.err;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    EXPECT_TRUE(ran.err.starts_with("pushbench: ")) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

TEST(Cli, HelpAndVersionGoToStdout) {
  const Ran help = run_words({"run", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("--dry-run"), std::string::npos);
  EXPECT_NE(help.out.find("Usage: pushbench run "), std::string::npos) << help.out;
  EXPECT_EQ(help.out.find("{false}"), std::string::npos) << help.out;
  EXPECT_EQ(help.out.find("UINT:UINT"), std::string::npos) << help.out;
  EXPECT_EQ(help.err, "");
  const Ran top = run_words({"--help"});
  EXPECT_NE(top.out.find("Exit codes:"), std::string::npos);
  const Ran version = run_words({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_TRUE(version.out.starts_with("pushbench ")) << version.out;
}

TEST(Cli, OverridesReachTheScenario) {
  const Ran ran =
      run_words({"run", "quick", "--dry-run", "--clients", "7", "--strategy", "websocket"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.out.find("quick: 1 cell\n"), std::string::npos) << ran.out;
  const Ran before = run_words({"run", "--dry-run", "--strategy", "websocket", "--exit-zero-on",
                                "3,99", "--i-may-load", "example.org", "quick"});
  EXPECT_EQ(before.code, 0) << before.err;  // options that take a list do not swallow the scenario
  EXPECT_NE(before.out.find("quick: 1 cell\n"), std::string::npos) << before.out;
  const Ran bad = run_words({"run", "quick", "--dry-run", "--clients", "none"});
  EXPECT_EQ(bad.code, 2);
  EXPECT_NE(bad.err.find("--clients"), std::string::npos) << bad.err;
}

}  // namespace
}  // namespace pushbench::app
