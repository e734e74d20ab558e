#include "harness/result/run_rules.h"

#include "harness/result/sound_run.h"

#include <gtest/gtest.h>

namespace pushbench::result {
namespace {

TEST(RunRules, InterruptedAndEmptyRuns) {
  EXPECT_EQ(caveats_after([](RunResult& run, CellResult&) { run.partial = true; }),
            "invalid partial-run");
  EXPECT_EQ(caveats_after([](RunResult& run, CellResult&) { run.cells.clear(); }),
            "invalid no-cells");
}

TEST(RunRules, BuildsThatAreNotForSpeed) {
  const auto build = [](const std::string& text) {
    return caveats_after([&text](RunResult& run, CellResult&) { run.tool_build = text; });
  };
  EXPECT_EQ(build("Debug g++ 12.2.0"), "suspect slow-build");
  EXPECT_EQ(build("Release g++ 12.2.0 sanitize=address"), "suspect slow-build");
  EXPECT_EQ(build(""), "suspect slow-build");
  EXPECT_EQ(build("RelWithDebInfo g++ 12.2.0"), "");
}

TEST(RunRules, ReuseOfPortsIsANoteWhereSocketsWaited) {
  const auto reuse = [](const std::string& mode, std::uint64_t waiting) {
    return caveats_after([&](RunResult& run, CellResult& cell) {
      run.environment["tcp_tw_reuse"] = mode;
      cell.counters[Counter::kTimeWaitPeak] = waiting;
    });
  };
  EXPECT_EQ(reuse("2", 100), "note tw-reuse");
  EXPECT_EQ(reuse("1", 100), "note tw-reuse");
  EXPECT_EQ(reuse("0", 100), "");
  EXPECT_EQ(reuse("2", 0), "");
}

TEST(RunRules, CongestionControlThatIsNotWhatWasAsked) {
  const auto control = [](const std::string& clients, const std::string& server, bool own) {
    return caveats_after([&](RunResult& run, CellResult&) {
      run.server = own ? "own" : "http://127.0.0.1:80";
      run.environment["clients_congestion_control"] = clients;
      run.environment["server_congestion_control"] = server;
      run.environment["tcp_congestion_control"] = "bbr";  // the kernel's default spoils nothing
    });
  };
  EXPECT_EQ(control("cubic", "cubic", true), "");
  EXPECT_EQ(control("", "", true), "");  // nobody looked
  EXPECT_EQ(control("bbr, cubic", "cubic", true), "suspect congestion-control");
  EXPECT_EQ(control("cubic", "bbr", true), "suspect congestion-control");
  EXPECT_EQ(control("cubic", "bbr", false), "note congestion-control");
  EXPECT_EQ(text_after([](RunResult& run, CellResult&) {
              run.environment["clients_congestion_control"] = "bbr";
            }),
            "the sockets were to use cubic; the clients' used bbr, the server's unknown");
}

TEST(RunRules, AGovernorThatSavesPowerIsANote) {
  const auto governor = [](const std::string& name) {
    return caveats_after(
        [&name](RunResult& run, CellResult&) { run.environment["governor"] = name; });
  };
  EXPECT_EQ(governor("powersave"), "note governor");
  EXPECT_EQ(governor("performance"), "");
}

}  // namespace
}  // namespace pushbench::result
