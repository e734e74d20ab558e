// Thirteen faults that load tools of today call a success in at least one case each. Here every one
// is named, counted under its class, ends in time and with a code other than 0.
#include "harness/base/fault.h"
#include "harness/e2e/hostile_server.h"
#include "harness/e2e/process.h"
#include "harness/result/json_io.h"
#include "harness/swarm/preflight.h"
#include "harness/swarm/server_child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>

namespace pushbench::e2e {
namespace {

using result::Counter;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr const char* kEveryStrategy =
    "  - polling: {interval: 200ms}\n  - polling: {interval: 200ms, connection: new}\n"
    "  - long-polling: {}\n  - streaming: {encoding: chunked}\n"
    "  - streaming: {encoding: sse}\n  - websocket: {}\n";

// A cell takes at most 0.1 + 0.1 + measure + 1.2 s, the drain of the longest interval included, and
// what a cell may take to begin and end.
constexpr Nanos kCellBound = seconds(4);
constexpr Nanos kFloorBound = seconds(1);  // before the first cell a run measures its floor

std::string scenario(const std::string& measure, const std::string& strategies) {
  return write_scenario("faults",
                        "name: faults\nclients: 10\nevents: {rate: 40/s, arrival: constant}\n"
                        "phases: {ramp: 100ms, warmup: 100ms, measure: " +
                            measure + ", drain: 300ms}\nstrategies:\n" + strategies);
}

std::uint64_t sum(const result::FaultCounts& faults) {
  return std::accumulate(faults.begin(), faults.end(), std::uint64_t{0});
}

std::uint64_t of(const result::FaultCounts& faults, Fault fault) {
  return faults[static_cast<std::size_t>(fault)];
}

bool has_result(const std::string& directory) {
  return std::filesystem::exists(directory + "/result.json");
}

// Every event was expected and none came, and each cut and failed connect has a class.
void expect_nothing_came(const result::CellResult& cell) {
  const auto& c = cell.counters;
  EXPECT_GT(c[Counter::kExpected], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kDelivered], 0U) << cell.name;
  EXPECT_EQ(c[Counter::kLost], c[Counter::kExpected]) << cell.name;
  EXPECT_EQ(cell.latency.count(), 0U) << cell.name;
  EXPECT_EQ(sum(cell.cut_faults), c[Counter::kSocketsCut]) << cell.name;
  EXPECT_EQ(sum(cell.connect_faults), c[Counter::kSocketsFailed]) << cell.name;
}

struct Row {
  Misdeed misdeed;
  Fault http;       // what polls and streams must call it
  Fault websocket;  // what a WebSocket client must call it
};

// All strategies against a server that misbehaves from the second request of every client on.
void expect_named(const Row& row) {
  const HostileServer server(row.misdeed);
  const std::string out = fresh_directory("misdeed");
  const auto run = run_pushbench(
      {"run", scenario("1s", kEveryStrategy), "--out", out, "--server", server.url()}, seconds(60));
  EXPECT_EQ(run.code, 3) << run.err;
  EXPECT_LT(run.took, within(6 * kCellBound));
  EXPECT_GT(server.misdeeds(), 0U);
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 6U);
  EXPECT_EQ(result.verdict, result::Verdict::kInvalid);
  for (const auto& cell : result.cells) {
    const Fault fault = cell.strategy.strategy == "websocket" ? row.websocket : row.http;
    expect_nothing_came(cell);
    EXPECT_GT(of(cell.cut_faults, fault), 0U) << cell.name << ": " << fault_name(fault);
    // Nothing else happened, so nothing else may be said.
    EXPECT_EQ(of(cell.cut_faults, fault), sum(cell.cut_faults)) << cell.name;
    EXPECT_EQ(sum(cell.connect_faults), 0U) << cell.name;
    EXPECT_NE(run.out.find(fault_name(fault)), std::string::npos) << cell.name;
  }
}

TEST(FaultMatrix, NobodyListens) {
  std::string url;
  {
    const HostileServer gone(Misdeed::kReset);
    url = gone.url();
  }
  const std::string out = fresh_directory("nobody");
  const auto run =
      run_pushbench({"run", scenario("1s", kEveryStrategy), "--out", out, "--server", url});
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr(url.substr(7)));
  EXPECT_THAT(run.err, HasSubstr("Connection refused"));
  EXPECT_LT(run.took, within(seconds(2)));
  EXPECT_FALSE(has_result(out)) << "no figures of a run that was none";
  EXPECT_EQ(run.out, "");
}

// The port of a `pushbench serve` that the test drives.
std::string url_of(Process& server) {
  EXPECT_TRUE(server.wait_for_text("listening on http://", seconds(10)));
  EXPECT_TRUE(server.wait_for_text("\n", seconds(10)));
  const auto port = swarm::announced_port(server.out());
  EXPECT_TRUE(port) << server.out();
  return "http://127.0.0.1:" + std::to_string(port.value_or(0));
}

void expect_death_is_told(const std::string& strategy) {
  Process server({"serve", "--listen", "127.0.0.1:0"});
  const std::string url = url_of(server);
  const std::string out = fresh_directory("dies");
  Process process({"run", scenario("3s", "  - " + strategy + "\n"), "--out", out, "--server", url});
  ASSERT_TRUE(process.wait_for_text("[1/1] ", seconds(20)));  // the cell has begun
  ASSERT_FALSE(process.wait_for_text("never said", seconds(2)));
  server.signal(SIGKILL);
  const auto run = process.finish(seconds(30));
  EXPECT_EQ(run.code, 3) << run.err;
  EXPECT_LT(run.took, within(seconds(3) + kCellBound));
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 1U);
  const auto& cell = result.cells[0];
  EXPECT_GT(cell.counters[Counter::kDelivered], 0U) << cell.name;
  EXPECT_GT(cell.counters[Counter::kLost], 0U) << cell.name;
  EXPECT_EQ(cell.counters[Counter::kExpected],
            cell.counters[Counter::kDelivered] + cell.counters[Counter::kLost])
      << cell.name;
  EXPECT_GT(of(cell.connect_faults, Fault::kRefused), 0U) << cell.name;
  EXPECT_EQ(sum(cell.connect_faults), cell.counters[Counter::kSocketsFailed]) << cell.name;
  // At most two connects a second and client, whatever fails.
  EXPECT_LT(sum(cell.connect_faults), 10U * 3 * 4) << cell.name;
  // A kept connection that ends between two polls ended well; the next poll finds nobody.
  if (cell.strategy.strategy != "polling") {
    EXPECT_EQ(of(cell.cut_faults, Fault::kReset) + of(cell.cut_faults, Fault::kClosed), 10U)
        << cell.name;
  }
  EXPECT_THAT(run.out, HasSubstr("refused")) << cell.name;
}

TEST(FaultMatrix, ServerDiesAfterTwoSecondsUnderPolling) {
  expect_death_is_told("polling: {interval: 200ms}");
  expect_death_is_told("polling: {interval: 200ms, connection: new}");
}

TEST(FaultMatrix, ServerDiesAfterTwoSecondsUnderPush) {
  expect_death_is_told("long-polling: {}");
  expect_death_is_told("streaming: {encoding: sse}");
  expect_death_is_told("websocket: {}");
}

TEST(FaultMatrix, ResetAfterEachRequest) {
  expect_named({Misdeed::kReset, Fault::kReset, Fault::kReset});
}

TEST(FaultMatrix, BadChunkSize) {
  expect_named({Misdeed::kBadChunk, Fault::kBadHead, Fault::kBadFrame});
}

TEST(FaultMatrix, BodyCutShort) {
  expect_named({Misdeed::kCutShort, Fault::kClosed, Fault::kClosed});
}

TEST(FaultMatrix, BinaryGarbage) {
  expect_named({Misdeed::kGarbage, Fault::kBadHead, Fault::kBadHead});
}

TEST(FaultMatrix, UnavailableEverywhere) {
  expect_named({Misdeed::kUnavailable, Fault::kHttpStatus, Fault::kHttpStatus});
}

TEST(FaultMatrix, HeadOfFourMebibytes) {
  expect_named({Misdeed::kHugeHead, Fault::kLimit, Fault::kLimit});
}

// Patience ends after 10 s for an answer and 5 s for a handshake: a run that lasts longer names it.
TEST(FaultMatrix, AcceptsAndNeverAnswers) {
  const HostileServer server(Misdeed::kSilence);
  const std::string out = fresh_directory("silence");
  const auto run = run_pushbench(
      {"run", scenario("11s", "  - polling: {interval: 200ms}\n  - streaming: {encoding: sse}\n"),
       "--out", out, "--server", server.url()},
      seconds(60));
  EXPECT_EQ(run.code, 3) << run.err;
  EXPECT_LT(run.took, within(2 * (seconds(11) + kCellBound) + kFloorBound));
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 2U);
  for (const auto& cell : result.cells) {
    expect_nothing_came(cell);
    EXPECT_GE(of(cell.cut_faults, Fault::kTimeout), 10U) << cell.name;
    EXPECT_EQ(of(cell.cut_faults, Fault::kTimeout), sum(cell.cut_faults)) << cell.name;
  }
  EXPECT_THAT(run.out, HasSubstr("timeout"));
}

// When not even the first contact goes well there is nothing to report: the reason is the message.
void expect_no_start(Misdeed misdeed, const std::string& strategy, std::string_view why) {
  const HostileServer server(misdeed, true);
  const std::string out = fresh_directory("no-start");
  const auto run = run_pushbench(
      {"run", scenario("1s", "  - " + strategy + "\n"), "--out", out, "--server", server.url()},
      seconds(60));
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_LT(run.took, within(seconds(10)));
  EXPECT_THAT(run.err, HasSubstr(server.url().substr(7)));
  EXPECT_THAT(run.err, HasSubstr(std::string(why)));
  EXPECT_FALSE(has_result(out));
}

TEST(FaultMatrix, AServerThatIsBadFromTheStartIsNamedToo) {
  expect_no_start(Misdeed::kUnavailable, "websocket: {}", fault_words(Fault::kHttpStatus));
  expect_no_start(Misdeed::kHugeHead, "polling: {interval: 200ms}", fault_words(Fault::kLimit));
  expect_no_start(Misdeed::kSilence, "streaming: {encoding: sse}", fault_words(Fault::kTimeout));
  expect_no_start(Misdeed::kSilence, "long-polling: {}", "nothing was answered");
}

// Runs a script, since limits and network namespaces are set up in a shell. `before` is what the
// shell is started with.
Finished run_script(const std::string& name,
                    const std::string& script,
                    const std::string& before = "") {
  const std::string base = fresh_directory(name);
  std::ofstream(base + ".sh") << script << "\n";
  const std::string command = "timeout 60 " + before + " bash " + base + ".sh > " + base +
                              ".out 2> " + base + ".err < /dev/null";
  const TimePoint began = steady_now();
  const int status = std::system(command.c_str());  // NOLINT: the shell is what sets them up
  return {.code = WEXITSTATUS(status),
          .out = read_file(base + ".out"),
          .err = read_file(base + ".err"),
          .took = steady_now() - began};
}

std::string run_words(const std::string& file, const std::string& clients, const std::string& out) {
  return std::string(PUSHBENCH_BIN) + " run " + file + " --clients " + clients + " --out " + out;
}

TEST(FaultMatrix, SixtyFourDescriptorsForTwoHundredClients) {
  const std::string out = fresh_directory("descriptors");
  const std::string file = scenario("1s", "  - websocket: {}\n");
  const auto run =
      run_script("descriptors-run", "ulimit -n 64\nexec " + run_words(file, "200", out));
  EXPECT_EQ(run.code, 2) << run.err;
  EXPECT_THAT(run.err, HasSubstr("needs 264 descriptors"));
  EXPECT_THAT(run.err, HasSubstr("allows 64"));
  EXPECT_LT(run.took, within(seconds(3)));
  EXPECT_FALSE(has_result(out));
}

// A network of the test's own with 64 ephemeral ports, and with a second address, which is as far
// away as any other for what may be done with ports.
Finished run_in_namespace(const std::string& name, const std::string& script) {
  return run_script(name,
                    "ip link set lo up && ip addr add 10.9.9.9/32 dev lo &&\n"
                    "  echo 40000 40063 > /proc/sys/net/ipv4/ip_local_port_range || exit 96\n" +
                        script,
                    "unshare -rn");
}

bool has_namespaces() {
  return run_in_namespace("probe", "exit 42").code == 42;
}

// Where there is no namespace to be had, what decides is asked itself.
void expect_ports_are_computed() {
  const auto parsed = plan::load_scenario(scenario("1s", "  - websocket: {}\n"));
  ASSERT_TRUE(parsed);
  plan::Scenario many = *parsed;
  many.clients = 200;
  swarm::Machine machine = swarm::read_machine();
  machine.ports_low = 40000;
  machine.ports_high = 40063;
  const auto needs = swarm::needs_of(many, many.strategies.front(), machine);
  EXPECT_THAT(swarm::shortages(needs, machine, false),
              ::testing::Contains(HasSubstr("200 ports at once, one source address has 64")));
  EXPECT_GE(needs.sources, 4U);
}

constexpr const char* kFarUrl = " --server http://10.9.9.9:8080 --i-may-load 10.9.9.9";

// Lines that start a server and wait until it listens; $server is its process.
std::string far_server() {
  return "exec {said}< <(exec " + std::string(PUSHBENCH_BIN) +
         " serve --listen 10.9.9.9:8080)\nserver=$!\nread -r line <&$said\n";
}

TEST(FaultMatrix, SixtyFourPortsForTwoHundredClients) {
  expect_ports_are_computed();
  if (!has_namespaces()) {
    return;
  }
  const std::string file = scenario("1s", "  - websocket: {}\n");
  const std::string far_out = fresh_directory("ports-far");
  const auto far =
      run_in_namespace("ports-far-run", far_server() + run_words(file, "200", far_out) + kFarUrl +
                                            "\ncode=$?\nkill $server\nexit $code");
  EXPECT_EQ(far.code, 2) << far.err;
  EXPECT_THAT(far.err, HasSubstr("200 ports at once, one source address has 64"));
  EXPECT_FALSE(has_result(far_out));
  // On loopback there are other source addresses to take ports of: it is no fault then.
  const std::string near_out = fresh_directory("ports-near");
  const auto near = run_in_namespace("ports-near-run", "exec " + run_words(file, "200", near_out));
  EXPECT_TRUE(near.code == 0 || near.code == 3) << near.err;
  const auto result = load_run(near_out);
  ASSERT_EQ(result.cells.size(), 1U);
  EXPECT_EQ(sum(result.cells[0].connect_faults), 0U);
  EXPECT_EQ(result.cells[0].counters[Counter::kSocketsPeak], 200U);
}

// Somebody else has taken most of them, which nothing could foresee.
TEST(FaultMatrix, PortsThatRunOutInMidRunAreNamed) {
  if (!has_namespaces()) {
    return;
  }
  const std::string out = fresh_directory("ports-taken");
  const auto run = run_in_namespace(
      "ports-taken-run", far_server() +
                             "for i in {1..45}; do exec {taken}<>/dev/tcp/10.9.9.9/8080; done\n" +
                             run_words(scenario("1s", "  - websocket: {}\n"), "40", out) + kFarUrl +
                             "\ncode=$?\nkill $server\nexit $code");
  EXPECT_EQ(run.code, 3) << run.err << run.out;
  EXPECT_LT(run.took, within(seconds(30)));
  const auto result = load_run(out);
  ASSERT_EQ(result.cells.size(), 1U);
  const auto& cell = result.cells[0];
  EXPECT_GT(of(cell.connect_faults, Fault::kNoPorts), 0U);
  EXPECT_EQ(sum(cell.connect_faults), of(cell.connect_faults, Fault::kNoPorts));
  EXPECT_THAT(run.out, HasSubstr("no_ports"));
}

TEST(FaultMatrix, StandardOutputOnAFullDisk) {
  const std::string out = fresh_directory("full");
  const auto run =
      run_script("full-run", "exec " + run_words(scenario("1s", "  - websocket: {}\n"), "10", out) +
                                 " > /dev/full");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("standard output"));
  EXPECT_THAT(run.err, HasSubstr("No space left on device"));
  EXPECT_EQ(load_run(out).cells.size(), 1U);
}

TEST(FaultMatrix, CtrlCAfterTwoSeconds) {
  const std::string out = fresh_directory("interrupted");
  Process process({"run", scenario("60s", "  - streaming: {encoding: sse}\n"), "--out", out});
  ASSERT_TRUE(process.wait_for_text("streaming/sse, ", seconds(20)));
  ASSERT_FALSE(process.wait_for_text("never said", seconds(2)));
  const TimePoint at = steady_now();
  process.signal(SIGINT);
  const auto run = process.finish(seconds(20));
  EXPECT_EQ(run.code, 130) << run.err;
  EXPECT_LT(steady_now() - at, within(seconds(4)));
  const auto result = load_run(out);
  EXPECT_TRUE(result.partial);
  ASSERT_EQ(result.cells.size(), 1U);
  EXPECT_GT(result.cells[0].counters[Counter::kDelivered], 0U);
  EXPECT_EQ(result.cells[0].counters[Counter::kLost], 0U);
  EXPECT_EQ(result.verdict, result::Verdict::kInvalid);
}

}  // namespace
}  // namespace pushbench::e2e
