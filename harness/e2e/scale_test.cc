// 1,000 clients and 100 events a second, every strategy: nothing may be lost or come twice, as 50
// rooms for 10 s and as one broadcast (100,000 deliveries a second) for 4 s.
#include "harness/e2e/process.h"
#include "harness/result/accounts.h"
#include "harness/result/json_io.h"

#include <gtest/gtest.h>

#include <sys/times.h>

#include <sstream>

namespace pushbench::e2e {
namespace {

using result::Counter;

// The drain ends with the last delivery: on a machine that cannot keep up, events come late, and
// none may be lost for that.
std::string scenario(int topics, int seconds) {
  return "name: scale\nclients: 1000\ntopics: " + std::to_string(topics) +
         "\nevents: {rate: 100/s, arrival: constant, payload: 128B}\n"
         "phases: {ramp: 1s, warmup: 1s, measure: " +
         std::to_string(seconds) +
         "s, drain: 20s}\nstrategies:\n"
         "  - polling: {interval: 1s}\n  - polling: {interval: 1s, connection: new}\n  - "
         "long-polling: {}\n"
         "  - streaming: {encoding: chunked}\n  - streaming: {encoding: sse}\n  - websocket: {}\n";
}

result::RunResult run_scale(int topics, int seconds) {
  const std::string name = "scale-" + std::to_string(topics);
  std::string printed;
  auto run = measured_run(name, {write_scenario(name, scenario(topics, seconds))},
                          std::chrono::minutes(5), &printed);
  std::printf("%s\n", printed.c_str());
  return run;
}

void expect_nothing_lost(const result::RunResult& run,
                         std::uint64_t events,
                         std::uint64_t subscribers) {
  ASSERT_EQ(run.cells.size(), 6U);
  for (const auto& cell : run.cells) {
    const auto& c = cell.counters;
    EXPECT_EQ(result::imbalance_of(cell), "") << cell.name;
    EXPECT_EQ(cell.events_measured, events) << cell.name;
    EXPECT_EQ(c[Counter::kExpected], events * subscribers) << cell.name;
    EXPECT_EQ(c[Counter::kDelivered], c[Counter::kExpected]) << cell.name;
    EXPECT_EQ(c[Counter::kLost], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kDuplicate], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kReordered], 0U) << cell.name;
    EXPECT_EQ(c[Counter::kSocketsCut] + c[Counter::kSocketsFailed], 0U) << cell.name;
  }
}

// Processor time in ticks: of the whole machine, busy and idle, and of our finished children.
struct Ticks {
  double busy = 0, all = 0, ours = 0;
};

Ticks ticks_now() {
  constexpr int kIdle = 3;
  constexpr int kIoWait = 4;
  constexpr int kFields = 8;  // user … steal; guests are in user already (proc(5))
  Ticks ticks;
  std::istringstream stat(read_file("/proc/stat").substr(std::string("cpu").size()));
  for (int field = 0; field < kFields; ++field) {
    double value = 0;
    stat >> value;
    ticks.all += value;
    ticks.busy += field == kIdle || field == kIoWait ? 0 : value;
  }
  tms used{};
  times(&used);
  ticks.ours = static_cast<double>(used.tms_cutime + used.tms_cstime);
  return ticks;
}

bool is_of_a_busy_machine(const result::Caveat& caveat) {
  return caveat.severity == result::Verdict::kValid ||  // a note
         caveat.id == "run-queue" || caveat.id == "steal" || caveat.id == "drift" ||
         caveat.id == "loop-lag" || caveat.id == "publisher-lag" || caveat.id == "generator-busy" ||
         caveat.id == "slow-build";
}

// One run of the rooms, in which nothing may be lost. True: there is nothing to doubt, or the
// machine had other work to do, so that a doubt about lateness says nothing about this program.
bool fifty_rooms_are_valid() {
  constexpr double kQuiet = 0.02;
  const Ticks before = ticks_now();
  const auto run = run_scale(50, 10);
  const Ticks after = ticks_now();
  expect_nothing_lost(run, 1000, 20);
  EXPECT_NE(run.verdict, result::Verdict::kInvalid);
  bool excused = false;
  for (const auto& caveat : run.caveats) {
    EXPECT_TRUE(is_of_a_busy_machine(caveat)) << caveat.id << ' ' << caveat.cell << caveat.text;
    excused = excused || caveat.id == "slow-build" || caveat.id == "steal";
  }
  const double others =
      (after.busy - before.busy - (after.ours - before.ours)) / (after.all - before.all);
  std::printf("Other programs had %.1f %% of the processors.\n", 100 * others);
  return run.verdict == result::Verdict::kValid || others >= kQuiet || excused;
}

// Two cores are enough for a verdict without a doubt, when they have nothing else to do. A shared
// host takes them away for milliseconds at times, so one run of two must show it.
TEST(Scale, FiftyRooms) {
  constexpr int kAttempts = 2;
  bool valid = false;
  for (int attempt = 0; attempt < kAttempts && !valid && !HasFailure(); ++attempt) {
    valid = fifty_rooms_are_valid();
  }
  EXPECT_TRUE(valid);
}

TEST(Scale, OneBroadcast) {
  expect_nothing_lost(run_scale(1, 4), 400, 1000);
}

}  // namespace
}  // namespace pushbench::e2e
