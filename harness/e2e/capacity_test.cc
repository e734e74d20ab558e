// What plans and runs: `pushbench capacity` against a server whose knee is known, since it limits
// its rate on purpose (serve --inject rate=…), so that a queue grows above it; a fit from a grid of
// its own; a sweep that goes on.
#include "harness/e2e/process.h"
#include "harness/study/capacity_state.h"
#include "harness/study/model_file.h"
#include "harness/study/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <filesystem>

namespace pushbench::e2e {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr const char* kScenario =
    "name: knee\nclients: 3\nevents: {rate: 200/s, arrival: constant, payload: 64B}\n"
    "phases: {ramp: 50ms, warmup: 100ms, measure: 1s, drain: 1s}\nstrategies:\n"
    "  - websocket: {}\n";

// The server alone, and the URL that it says it listens on.
struct LimitedServer {
  LimitedServer() : process({"serve", "--listen", "127.0.0.1:0", "--inject", "rate=400/s"}) {
    EXPECT_TRUE(process.wait_for_text("\n", seconds(20)));
    const auto at = process.out().find("http://");
    EXPECT_NE(at, std::string::npos) << process.out();
    url = process.out().substr(at, process.out().find_first_of(" \n", at) - at);
  }
  Process process;
  std::string url;
};

std::vector<std::string> search_words(const std::string& url, const std::string& directory) {
  return {"capacity", write_scenario("knee", kScenario),
          "--over",   "events.rate",
          "--slo",    "latency.p50 < 20ms",
          "--slo",    "lost == 0",
          "--server", url,
          "--budget", "5m",
          "--out",    directory};
}

study::CapacityState state_in(const std::string& directory) {
  const auto state = study::capacity_from_json(read_file(directory + "/capacity.json"), "state");
  EXPECT_TRUE(state) << state.error().text;
  return *state;
}

// Killed half way, it goes on where it was and finds the 400 events/s that the server lets through.
TEST(Capacity, AKnownKneeIsFoundAlsoAfterAKill) {
  LimitedServer server;
  const std::string directory = fresh_directory("capacity-knee");
  {
    Process killed(search_words(server.url, directory));
    ASSERT_TRUE(killed.wait_for_text("(repeat)", seconds(60)));
    killed.signal(SIGKILL);
    killed.finish(seconds(5));
  }
  const auto before = state_in(directory);
  ASSERT_GE(before.trials_made(), 2U);
  const auto run = run_pushbench(search_words(server.url, directory), seconds(200));
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("websocket: from "));
  const auto after = state_in(directory);
  const auto& search = after.searches.front();
  const auto knee = search.knee();
  ASSERT_TRUE(knee.held && knee.failed) << run.out << run.err;
  EXPECT_NEAR(*knee.held, 400, 40) << run.err;
  EXPECT_EQ(knee.stays_down, false) << run.err;
  EXPECT_EQ(search.what_gave_out()->cause, study::Cause::kLatency) << run.out;
  for (std::size_t i = 0; i < before.trials_made(); ++i) {
    EXPECT_EQ(search.records[i].seconds, before.searches.front().records[i].seconds);
    EXPECT_TRUE(std::filesystem::exists(directory + "/" + search.records[i].file));
  }
}

TEST(Capacity, AServerThatDiesEndsItAndWhatWasFoundIsKept) {
  LimitedServer server;
  const std::string directory = fresh_directory("capacity-death");
  Process search(search_words(server.url, directory));
  ASSERT_TRUE(search.wait_for_text("held\n", seconds(60)));
  server.process.signal(SIGKILL);
  const auto run = search.finish(seconds(60));
  EXPECT_EQ(run.code, 1) << run.err;
  EXPECT_THAT(run.err, HasSubstr("cannot connect to"));
  EXPECT_THAT(run.err, HasSubstr("kept: what was found so far"));
  EXPECT_GE(state_in(directory).trials_made(), 1U);
}

// Eleven cells; a frame of 64 bytes has a head of 2, whatever the machine.
TEST(Fit, AGridOfItsOwnBecomesAModel) {
  const std::string directory = fresh_directory("fit-run");
  std::filesystem::create_directories(directory);
  const std::string out = directory + "/model.json";
  const auto run = run_pushbench(
      {"fit", "--run", write_scenario("knee", kScenario), "--clients", "40", "-o", out},
      seconds(120));
  ASSERT_EQ(run.code, 0) << run.err;
  const auto model = study::load_model(out);
  ASSERT_TRUE(model) << model.error().text;
  const auto* cost = model->find("websocket");
  ASSERT_NE(cost, nullptr);
  EXPECT_GE(cost->points, 5U) << run.err;
  EXPECT_GE(cost->held_out.size(), 1U) << run.err;
  EXPECT_NEAR(cost->delivery_down_bytes.value, 2, 0.01);
  EXPECT_GT(cost->delivery_cpu_s.value, 0);
  EXPECT_TRUE(cost->idle_cores.usable()) << run.err;
}

TEST(Sweep, PointsAreRunOnceAndTheIndexGoesOn) {
  const std::string directory = fresh_directory("sweep");
  const std::vector<std::string> words{"sweep",  write_scenario("knee", kScenario),
                                       "--vary", "payload=16B,1kB",
                                       "--out",  directory,
                                       "--by",   "bytes_per_delivery"};
  const auto run = run_pushbench(words, seconds(60));
  EXPECT_TRUE(is_success(run.code)) << run.err;
  EXPECT_THAT(run.out, HasSubstr("2 of 2 points"));
  const std::string index = read_file(directory + "/sweep.json");
  const auto sweep = study::sweep_from_json(index, "sweep.json");
  ASSERT_TRUE(sweep);
  EXPECT_EQ(sweep->points[0].cells.front().metric("bytes_per_delivery"), 18);
  EXPECT_EQ(sweep->points[1].cells.front().metric("bytes_per_delivery"), 1004);
  const auto again = run_pushbench(words, seconds(20));
  EXPECT_EQ(again.code, run.code) << again.err;
  EXPECT_EQ(again.out, run.out);
  EXPECT_EQ(read_file(directory + "/sweep.json"), index);
}

}  // namespace
}  // namespace pushbench::e2e
