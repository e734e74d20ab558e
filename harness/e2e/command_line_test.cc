// The command line as users and scripts meet it: whole runs, trouble in mid-run, files and exit
// codes.
#include "harness/e2e/process.h"
#include "harness/result/json_io.h"
#include "harness/result/metrics.h"
#include "harness/swarm/server_child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <cstdlib>
#include <filesystem>

namespace pushbench::e2e {
namespace {

using result::Counter;
using std::chrono::seconds;
using ::testing::HasSubstr;

// All six cells, short.
std::string small_scenario(const std::string& measure = "2s", const std::string& more = "") {
  return write_scenario("small",
                        "name: small\nclients: 20\ntopics: 4\nevents: {rate: 200/s, payload: "
                        "{uniform: [16B, 400B]}}\n"
                        "phases: {ramp: 100ms, warmup: 200ms, measure: " +
                            measure +
                            ", drain: 500ms}\n"
                            "strategies:\n"
                            "  - polling: {interval: 200ms}\n"
                            "  - polling: {interval: 200ms, connection: new}\n"
                            "  - long-polling: {}\n"
                            "  - streaming: {encoding: chunked}\n"
                            "  - streaming: {encoding: sse}\n"
                            "  - websocket: {}\n" +
                            more);
}

void expect_clean(const result::CellResult& cell) {
  const auto& c = cell.counters;
  EXPECT_GT(c[Counter::kExpected], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kDelivered], c[Counter::kExpected]) << cell.name;
  EXPECT_EQ(c[Counter::kLost], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kDuplicate], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kReordered], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kForeign], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kSocketsOpened], c[Counter::kSocketsClosedWell]) << cell.name;
  EXPECT_EQ(c[Counter::kPublished], cell.events_measured) << cell.name;
  EXPECT_EQ(cell.latency.count(), c[Counter::kDelivered]) << cell.name;
}

// Not a zombie that nobody has waited for.
bool is_running(int pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  return !stat.empty() && stat.find(") Z") == std::string::npos;
}

TEST(CommandLine, ARunComparesAllStrategiesAndLeavesItsFiles) {
  const std::string out = fresh_directory("run");
  const auto run = run_pushbench({"run", small_scenario(), "--out", out});
  ASSERT_TRUE(is_success(run.code)) << run.err << run.out;
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 6U);
  for (const auto& cell : result.cells) {
    expect_clean(cell);
    ASSERT_TRUE(cell.server) << cell.name;
    EXPECT_GT(cell.server->cpu_ns, 0U) << cell.name;
    // A long name is broken at its comma.
    EXPECT_THAT(run.out, HasSubstr(cell.name.substr(0, cell.name.find(','))));
  }
  EXPECT_FALSE(result.partial);
  EXPECT_THAT(read_file(out + "/report.html"), HasSubstr("</html>"));
  EXPECT_THAT(run.err, HasSubstr("[6/6] websocket: p50"));
  EXPECT_EQ(run.out.find('\x1b'), std::string::npos) << "colour without a terminal";
}

TEST(CommandLine, ReportsAreRedoneFromTheFileAlone) {
  const std::string out = fresh_directory("redo");
  ASSERT_TRUE(is_success(
      run_pushbench({"run", small_scenario("1s"), "--out", out, "--strategy", "websocket"}).code));
  const auto text = run_pushbench({"report", out + "/result.json", "--format", "text"});
  EXPECT_EQ(text.code, 0);
  EXPECT_EQ(text.out, read_file(out + "/report.txt"));
  EXPECT_EQ(run_pushbench({"report", out + "/result.json", "--format", "json"}).out,
            read_file(out + "/result.json"));
}

TEST(CommandLine, UpstreamEventsAreSentAndAcknowledged) {
  const std::string out = fresh_directory("upstream");
  const auto run = run_pushbench(
      {"run", small_scenario("2s", "upstream: {rate: 5/s, payload: 40B}\n"), "--out", out});
  ASSERT_TRUE(is_success(run.code)) << run.err << run.out;
  for (const auto& cell : load_run(out).cells) {
    expect_clean(cell);
    EXPECT_GT(cell.counters[Counter::kUpstreamSent], 50U) << cell.name;
    EXPECT_GE(cell.counters[Counter::kUpstreamAcked] + 40, cell.counters[Counter::kUpstreamSent])
        << cell.name;
    EXPECT_GT(cell.upstream_ack.count(), 50U) << cell.name;
    EXPECT_GT(cell.counters[Counter::kUpstreamBytesUp], 40 * cell.counters[Counter::kUpstreamSent])
        << cell.name;
  }
}

TEST(CommandLine, SeveralTopicsAClient) {
  const std::string path =
      write_scenario("topics",
                     "name: topics\nclients: 10\ntopics: 5\ntopics-per-client: 2\n"
                     "events: {rate: 100/s, arrival: burst, burst: 5}\n"
                     "phases: {ramp: 100ms, warmup: 100ms, measure: 1s, drain: 300ms}\n"
                     "strategies:\n  - long-polling: {}\n  - streaming: {encoding: sse}\n");
  const std::string out = fresh_directory("topics");
  const auto run = run_pushbench({"run", path, "--out", out});
  ASSERT_TRUE(is_success(run.code)) << run.err << run.out;
  for (const auto& cell : load_run(out).cells) {
    expect_clean(cell);
    EXPECT_EQ(cell.counters[Counter::kExpected], cell.events_measured * 4) << cell.name;
    EXPECT_EQ(cell.counters[Counter::kSocketsPeak], 20U) << cell.name;
  }
}

// What is not measured is absent, and the run says so.
TEST(CommandLine, WithoutAnAuditBytesAreCountedAndTheRunIsSuspect) {
  const std::string out = fresh_directory("not-audited");
  const auto run = run_pushbench({"run", small_scenario(), "--audit", "off", "--out", out});
  EXPECT_TRUE(is_success(run.code)) << run.err;
  const auto result = load_run(out);
  EXPECT_NE(result.verdict, result::Verdict::kValid);
  EXPECT_EQ(result.environment.at("audit"), "off");
  for (const auto& cell : result.cells) {
    EXPECT_GT(cell.counters[Counter::kReceived], 0U) << cell.name;
    EXPECT_GT(cell.counters[Counter::kPayloadDown], 0U) << cell.name;
    EXPECT_TRUE(cell.latency.empty()) << cell.name;
    EXPECT_FALSE(result::find_metric("lost")->read(cell)) << cell.name;
    EXPECT_FALSE(result::find_metric("latency_max_ns")->read(cell)) << cell.name;
  }
}

TEST(CommandLine, OneInterruptKeepsWhatWasMeasured) {
  const std::string out = fresh_directory("interrupted");
  Process process({"run", small_scenario("60s"), "--out", out, "--strategy", "websocket"});
  ASSERT_TRUE(process.wait_for_text("websocket, ", seconds(20)));
  ASSERT_FALSE(process.wait_for_text("never said", seconds(2)));
  const TimePoint at = steady_now();
  process.signal(SIGINT);
  const auto run = process.finish(seconds(20));
  EXPECT_EQ(run.code, 130) << run.err;
  EXPECT_LT(steady_now() - at, within(seconds(5)));
  const auto result = load_run(out);
  EXPECT_TRUE(result.partial);
  ASSERT_EQ(result.cells.size(), 1U);
  EXPECT_FALSE(result.cells[0].finished);
  EXPECT_GT(result.cells[0].counters[Counter::kDelivered], 0U);
  EXPECT_EQ(result.verdict, result::Verdict::kInvalid);
  EXPECT_THAT(run.out, HasSubstr("artial"));
  EXPECT_THAT(run.err, HasSubstr("stopping; press Ctrl-C again to quit at once\n"));
}

// What fell due before the interrupt was still on its way to the pollers: it is awaited, not lost.
TEST(CommandLine, AnInterruptLosesNothing) {
  const std::string out = fresh_directory("interrupted-polling");
  Process process(
      {"run", small_scenario("60s"), "--out", out, "--strategy", "polling/interval=200ms"});
  ASSERT_TRUE(process.wait_for_text("polling/interval=200ms, ", seconds(20)));
  ASSERT_FALSE(process.wait_for_text("never said", seconds(2)));
  process.signal(SIGINT);
  EXPECT_EQ(process.finish(seconds(20)).code, 130);
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 1U);
  const auto& c = result.cells[0].counters;
  EXPECT_GT(c[Counter::kDelivered], 100U);
  EXPECT_EQ(c[Counter::kLost], 0U);
  EXPECT_EQ(c[Counter::kUnpublished], 0U);
}

TEST(CommandLine, AServerThatDiesIsNamedAndTheRunIsNotValid) {
  const std::string out = fresh_directory("killed");
  Process process({"run", small_scenario("4s"), "--out", out, "--strategy", "websocket"});
  ASSERT_TRUE(process.wait_for_text("websocket, ", seconds(20)));
  ASSERT_FALSE(process.wait_for_text("never said", seconds(2)));
  const auto children = children_of(process.pid());
  ASSERT_EQ(children.size(), 1U);
  kill(children[0], SIGKILL);
  const auto run = process.finish(seconds(30));
  EXPECT_EQ(run.code, 3) << run.err;
  EXPECT_THAT(run.out, HasSubstr("the server was killed by signal 9"));
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 1U);
  const auto& c = result.cells[0].counters;
  EXPECT_GT(c[Counter::kLost], 0U);
  EXPECT_EQ(c[Counter::kExpected], c[Counter::kDelivered] + c[Counter::kLost]);
  EXPECT_EQ(c[Counter::kSocketsCut], 20U);
  EXPECT_EQ(c[Counter::kSocketsOpened], c[Counter::kSocketsClosedWell] + c[Counter::kSocketsCut] +
                                            c[Counter::kSocketsOpenAtEnd]);
}

TEST(CommandLine, NoServerIsLeftBehind) {
  Process process({"run", small_scenario("60s"), "--out", fresh_directory("orphan"), "--strategy",
                   "websocket"});
  ASSERT_TRUE(process.wait_for_text("websocket, ", seconds(20)));
  const auto children = children_of(process.pid());
  ASSERT_EQ(children.size(), 1U);
  process.signal(SIGKILL);
  process.finish(seconds(10));
  const TimePoint until = steady_now() + seconds(10);
  while (is_running(children[0]) && steady_now() < until) {
  }
  EXPECT_FALSE(is_running(children[0]));
}

void drive_server(const std::string& threads) {
  Process server({"serve", "--listen", "127.0.0.1:0", "--threads", threads});
  ASSERT_TRUE(server.wait_for_text("listening on http://", seconds(10)));
  ASSERT_TRUE(server.wait_for_text("\n", seconds(10)));
  const auto port = swarm::announced_port(server.out());
  ASSERT_TRUE(port) << server.out();
  const std::string out = fresh_directory("driven-by-" + threads);
  const std::string url = "http://127.0.0.1:" + std::to_string(*port);
  const auto run = run_pushbench({"run", small_scenario("1s"), "--out", out, "--server", url});
  EXPECT_TRUE(is_success(run.code)) << run.err;
  const auto result = load_run(out);
  EXPECT_EQ(result.server, url);
  ASSERT_EQ(result.cells.size(), 6U);
  for (const auto& cell : result.cells) {
    expect_clean(cell);
    EXPECT_FALSE(cell.server) << "the cost of a server that is not ours was not measured";
  }
  server.signal(SIGTERM);
  EXPECT_EQ(server.finish(seconds(10)).code, 0);
}

TEST(CommandLine, ARunningServerCanBeDriven) {
  drive_server("1");
}

// Polls with a new connection each go from one thread to the next.
TEST(CommandLine, AServerOfSeveralThreadsLosesAndRepeatsNothing) {
  drive_server("3");
}

// A run, made again while a machine with other work to do spoils it.
int code_of_valid_run(std::vector<std::string> words) {
  constexpr int kTries = 3;
  constexpr int kNotValid = 3;
  words.emplace_back("--force");
  int code = kNotValid;
  for (int i = 0; i < kTries && code == kNotValid; ++i) {
    code = run_pushbench(words).code;
  }
  return code;
}

TEST(CommandLine, ThresholdsDecideTheExitCode) {
  const std::string held =
      small_scenario("2s", "thresholds: [lost == 0, latency.p50 < 10s, rate >= 0.5*target]\n");
  EXPECT_TRUE(is_success(code_of_valid_run(
      {"run", held, "--out", fresh_directory("held"), "--strategy", "websocket"})));
  const std::string crossed = small_scenario("2s", "thresholds: [rate >= 2*target]\n");
  const std::string out = fresh_directory("crossed");
  const std::string summary = out + ".md";
  setenv("GITHUB_STEP_SUMMARY", summary.c_str(), 1);
  EXPECT_EQ(code_of_valid_run({"run", crossed, "--out", out, "--strategy", "websocket"}), 99);
  unsetenv("GITHUB_STEP_SUMMARY");
  EXPECT_THAT(read_file(summary), HasSubstr("| rate &gt;= 2\\*target | websocket | "));
  EXPECT_EQ(run_pushbench({"report", out}).code, 0);
  EXPECT_EQ(run_pushbench({"report", out, "--check"}).code, 99);
  const auto junit = run_pushbench({"export", "--to", "junit", "--check", out});
  EXPECT_EQ(junit.code, 99) << junit.err;
  EXPECT_THAT(junit.out, HasSubstr("<failure type=\"threshold\" message=\"rate &gt;= 2*target"));
  EXPECT_EQ(run_pushbench({"run", crossed, "--out", out, "--force", "--strategy", "websocket",
                           "--exit-zero-on", "3,99"})
                .code,
            0);
}

TEST(CommandLine, AClosedStandardOutputIsToldAndTheFilesAreKept) {
  const std::string out = fresh_directory("full");
  const std::string command = std::string(PUSHBENCH_BIN) + " run " + small_scenario("1s") +
                              " --quiet --out " + out + " --strategy websocket > /dev/full 2> " +
                              out + ".err";
  const int status = std::system(command.c_str());  // NOLINT: a shell is what redirects
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(read_file(out + ".err"), HasSubstr("No space left on device"));
  EXPECT_EQ(load_run(out).cells.size(), 1U);
}

// Exit code of the shell's `pushbench ARGUMENTS`, which may hold redirections.
int shell_pushbench(const std::string& arguments) {
  const std::string command = std::string(PUSHBENCH_BIN) + " " + arguments;
  return WEXITSTATUS(std::system(command.c_str()));  // NOLINT: a shell is what redirects
}

// Who pipes messages into `head` or closes them wants the result no less.
TEST(CommandLine, UnreadableMessagesDoNotEndARun) {
  for (const std::string to : {"2> /dev/full", "2>&-"}) {
    const std::string out = fresh_directory("unread");
    EXPECT_TRUE(
        is_success(shell_pushbench("run " + small_scenario("1s") + " --strategy websocket --out " +
                                   out + " > /dev/null " + to)))
        << to;
    EXPECT_EQ(load_run(out).cells.size(), 1U) << to;
  }
  EXPECT_EQ(shell_pushbench("run no-such-scenario 2> /dev/full"), 2);
  EXPECT_EQ(shell_pushbench("--version >&- 2> /dev/null"), 1);
}

TEST(CommandLine, AResultThatCannotBeKeptIsShownAllTheSame) {
  const std::string out = fresh_directory("unkept");
  std::filesystem::create_directories(out + "/result.json/in-the-way");
  const auto run = run_pushbench(
      {"run", small_scenario("1s"), "--strategy", "websocket", "--force", "--out", out});
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("cannot write " + out + "/result.json"));
  EXPECT_THAT(run.out, HasSubstr("\nwebsocket "));
}

TEST(CommandLine, DryRunStartsNothing) {
  const auto run = run_pushbench({"run", small_scenario(), "--dry-run"});
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.out, HasSubstr("websocket"));
  EXPECT_LT(run.took, within(seconds(5)));
}

}  // namespace
}  // namespace pushbench::e2e
