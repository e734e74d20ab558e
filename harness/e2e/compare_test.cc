// `pushbench compare` with runs of its own, as a user calls it: two sides in turn, from the
// scenario to the exit code.
#include "harness/e2e/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace pushbench::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string scenario(const std::string& name, const std::string& strategies) {
  return write_scenario(name, "name: " + name +
                                  "\nclients: 4\ntopics: 1\n"
                                  "events: {rate: 20/s, arrival: constant, payload: 128B}\n"
                                  "phases: {ramp: 0s, warmup: 0s, measure: 1s, drain: 1s}\n"
                                  "strategies: [" +
                                  strategies + "]\n");
}

std::string serve(const std::string& more = "") {
  return std::string("'" PUSHBENCH_BIN "' serve --listen 127.0.0.1:0 ") + more;
}

// A run that was not valid on a busy machine is made again under the next number.
bool holds_a_result(const std::string& side) {
  for (const auto& run : fs::directory_iterator(side)) {
    if (fs::exists(run.path() / "result.json")) {
      return true;
    }
  }
  return false;
}

TEST(Compare, FindsAByteOfAHeadInEveryStrategy) {
  const auto file = scenario("byte",
                             "{websocket: {}}, {streaming: {encoding: sse}}, "
                             "{long-polling: {hold: 5s}}, {polling: {interval: 100ms}}");
  const auto out = fresh_directory("gate_byte");
  const auto ran = run_pushbench({"compare", file, "--base-server", serve(), "--head-server",
                                  serve("--inject header=1"), "--repeats", "1", "--out", out});
  EXPECT_EQ(ran.code, 4) << ran.err;
  for (const char* cell :
       {"websocket", "streaming/sse", "long-polling/hold=5s", "polling/interval=100ms"}) {
    EXPECT_THAT(ran.out, HasSubstr(std::string("exact.head_down_bytes of ") + cell + ": changed"));
  }
  EXPECT_THAT(ran.out, Not(HasSubstr("exact.head_up_bytes")));
  EXPECT_TRUE(holds_a_result(out + "/base"));
  EXPECT_TRUE(holds_a_result(out + "/head"));
  EXPECT_THAT(read_file(out + "/comparison.json"), HasSubstr("\"exit_code\": 4"));

  // The same from the files alone.
  const auto again = run_pushbench({"compare", out + "/base", out + "/head", "--format", "md"});
  EXPECT_EQ(again.code, 4) << again.err;
  EXPECT_THAT(again.out, HasSubstr("changed"));
}

TEST(Compare, AProgramWithItselfAgreesExactly) {
  const auto file = scenario("same", "{websocket: {}}");
  const auto out = fresh_directory("gate_same");
  const auto ran = run_pushbench({"compare", file, "--base-bin", PUSHBENCH_BIN, "--head-bin",
                                  PUSHBENCH_BIN, "--repeats", "1", "--out", out});
  EXPECT_EQ(ran.code, 5) << ran.err << ran.out;  // one run a side decides nothing that scatters
  EXPECT_THAT(ran.out, HasSubstr("exact of websocket: same (11 counts agree)"));
  EXPECT_THAT(ran.err, HasSubstr("run 2 of 2 (head)"));
}

TEST(Compare, AServerThatDoesNotStartIsToldWithItsReason) {
  const auto file = scenario("none", "{websocket: {}}");
  const auto out = fresh_directory("gate_none");
  const auto ran = run_pushbench({"compare", file, "--base-server", serve(), "--head-server",
                                  "/bin/false", "--repeats", "1", "--out", out});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, HasSubstr("a run of the head ended with code 1"));
  EXPECT_THAT(ran.err, HasSubstr("did not start listening"));
  EXPECT_EQ(ran.out, "");
}

}  // namespace
}  // namespace pushbench::e2e
