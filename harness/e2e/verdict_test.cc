// Rules of the verdict made to fire in whole runs, where arithmetic says that they must.
#include "harness/e2e/process.h"
#include "harness/result/json_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>
#include <fstream>

namespace pushbench::e2e {
namespace {

using result::Counter;
using result::Verdict;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

// The severity of a caveat, nullopt when the rule did not fire.
std::optional<Verdict> severity_of(const result::RunResult& run, std::string_view id) {
  const auto found = std::find_if(run.caveats.begin(), run.caveats.end(),
                                  [id](const auto& caveat) { return caveat.id == id; });
  return found == run.caveats.end() ? std::nullopt : std::optional(found->severity);
}

std::string scenario(const std::string& name, const std::string& rest) {
  return write_scenario(name, "name: " + name + "\nclients: 10\n" + rest);
}

void pass(Process& process, Nanos time) {
  ASSERT_FALSE(process.wait_for_text("never said", time));
}

TEST(VerdictOfARun, TooFewEventsAreSaidFirstAndCountWhenStrict) {
  const auto path = scenario("few",
                             "events: {rate: 20/s, arrival: constant}\nphases: {ramp: 100ms, "
                             "warmup: 100ms, measure: 1s, drain: 100ms}\nstrategies:\n"
                             "  - websocket: {}\n");
  const std::string out = fresh_directory("few");
  const auto run = run_pushbench({"run", path, "--out", out});
  EXPECT_TRUE(run.code == 0 || run.code == 3) << run.err;
  EXPECT_EQ(severity_of(load_run(out), "few-events"), Verdict::kSuspect);
  EXPECT_LT(run.out.find("few-events"), run.out.find("Latency\n"));
  EXPECT_THAT(run.out, HasSubstr("n too small"));
  const auto strict =
      run_pushbench({"run", path, "--out", fresh_directory("few-strict"), "--strict"});
  EXPECT_EQ(strict.code, 3) << strict.err;
}

// A poll every 500 ms: four of five events wait longer than 100 ms, as they should.
TEST(VerdictOfARun, LateEventsAreANote) {
  const std::string out = fresh_directory("late");
  run_pushbench({"run",
                 scenario("late",
                          "events: {rate: 400/s}\nlate: 100ms\nphases: {ramp: 100ms, warmup: "
                          "500ms, measure: 2s, drain: 1s}\nstrategies:\n"
                          "  - polling: {interval: 500ms}\n"),
                 "--out", out});
  const auto run = load_run(out);
  ASSERT_EQ(run.cells.size(), 1U);
  const auto& c = run.cells[0].counters;
  EXPECT_EQ(severity_of(run, "late-events"), Verdict::kValid);
  EXPECT_NEAR(static_cast<double>(c[Counter::kLate]),
              0.8 * static_cast<double>(c[Counter::kDelivered]),
              0.1 * static_cast<double>(c[Counter::kDelivered]));
}

// One cell of 4 s at 200 events a second, whose server stands still for a while from 1.5 s on.
result::RunResult stopped_run(const std::string& cell, const std::string& strategy, Nanos stopped) {
  const std::string out = fresh_directory("stopped");
  Process process({"run",
                   scenario("stopped",
                            "events: {rate: 200/s}\nphases: {ramp: 100ms, warmup: 200ms, measure: "
                            "4s, drain: 5s}\nstrategies:\n  - " +
                                strategy + "\n"),
                   "--out", out});
  EXPECT_TRUE(process.wait_for_text(cell + ", ", seconds(20)));
  pass(process, milliseconds(1500));
  const auto children = children_of(process.pid());
  EXPECT_EQ(children.size(), 1U);
  for (const int child : children) {
    kill(child, SIGSTOP);
  }
  pass(process, stopped);
  for (const int child : children) {
    kill(child, SIGCONT);
  }
  process.finish(seconds(30));
  return load_run(out);
}

// Stopped for a second of four, a server leaves ten polls of each client unanswered or skipped.
TEST(VerdictOfARun, PollsThatAreSkippedAreSaid) {
  const auto run = stopped_run("polling/interval=100ms", "polling: {interval: 100ms}", seconds(1));
  EXPECT_EQ(severity_of(run, "skipped-polls"), Verdict::kSuspect);
  ASSERT_EQ(run.cells.size(), 1U);
  EXPECT_EQ(run.cells[0].counters[Counter::kLost], 0U);
}

// A server that stands still in the second half of the window hands over at most two thirds in it.
TEST(VerdictOfARun, ABacklogIsSaid) {
  const auto run = stopped_run("websocket", "websocket: {}", milliseconds(3500));
  EXPECT_EQ(severity_of(run, "receive-rate"), Verdict::kSuspect);
}

// A generator that stands still for one second of five writes a fifth of the events late, the worst
// hundredth of all by 0.9 s and more.
TEST(VerdictOfARun, APublisherThatIsLateMakesTheRunInvalid) {
  const std::string out = fresh_directory("publisher");
  Process process({"run",
                   scenario("publisher",
                            "events: {rate: 200/s, arrival: constant}\nphases: {ramp: 100ms, "
                            "warmup: 200ms, measure: 5s, drain: 1s}\nstrategies:\n"
                            "  - websocket: {}\n"),
                   "--out", out});
  ASSERT_TRUE(process.wait_for_text("websocket, ", seconds(20)));
  pass(process, milliseconds(1500));
  process.signal(SIGSTOP);
  ASSERT_FALSE(process.wait_for_text("never said", seconds(1)));
  process.signal(SIGCONT);
  const auto finished = process.finish(seconds(30));
  EXPECT_EQ(finished.code, 3) << finished.err;
  const auto run = load_run(out);
  EXPECT_EQ(severity_of(run, "publisher-lag"), Verdict::kInvalid);
  ASSERT_EQ(run.cells.size(), 1U);
  EXPECT_EQ(run.cells[0].counters[Counter::kLost], 0U);
  EXPECT_GT(run.cells[0].latency.quantile(0.99), milliseconds(800));
}

// Due instants come from a file: the events of the measure phase are those between its two ends.
TEST(VerdictOfARun, ATraceIsPublishedAsItStands) {
  const auto path = scenario("trace",
                             "events: {arrival: trace, trace: instants.txt}\nphases: {ramp: 100ms, "
                             "warmup: 1s, measure: 2s, drain: 500ms}\nstrategies:\n"
                             "  - websocket: {}\n");
  std::ofstream(path.substr(0, path.rfind('/')) + "/instants.txt")
      << "# two before the measure phase, four in it, one behind its end\n"
         "0.2\n0.999\n1.0\n1.5\n1.5\n2.999\n3.0\n";
  const std::string out = fresh_directory("trace-run");
  const auto finished = run_pushbench({"run", path, "--out", out});
  EXPECT_THAT(finished.out, HasSubstr("(trace instants.txt)")) << finished.err;
  const auto run = load_run(out);
  ASSERT_EQ(run.cells.size(), 1U);
  const auto& c = run.cells[0].counters;
  EXPECT_EQ(run.cells[0].events_measured, 4U);
  EXPECT_EQ(c[Counter::kPublished], 4U);
  EXPECT_EQ(c[Counter::kExpected], 40U);
  EXPECT_EQ(c[Counter::kDelivered], 40U);
}

}  // namespace
}  // namespace pushbench::e2e
