#include "harness/app/captured.h"
#include "harness/result/example_result.h"
#include "harness/result/json_io.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// Twelve runs; from the seventh on the clients use half as much processor time again.
class HistoryCommand : public testing::Test {
 protected:
  HistoryCommand() : root_(fs::path(testing::TempDir()) / "history_command") {
    fs::remove_all(root_);
    auto run = result::example_result();
    run.cells.resize(1);
    cell_ = run.cells[0].name;
    for (std::uint64_t i = 0; i < 12; ++i) {
      run.started_utc = fmt::format("2026-11-{:02}T00:00:00Z", i + 1);
      run.tool_commit = fmt::format("commit{:02}", i + 1);
      run.cells[0].generator.worker_cpu_ns = (i < 6 ? 1'000'000 : 1'500'000) + 1000 * (i % 3);
      // Not in the order of their names.
      write(fmt::format("{:02}", 12 - i), run);
    }
  }
  void write(const std::string& below, const result::RunResult& run) const {
    fs::create_directories(root_ / below);
    std::ofstream(root_ / below / "result.json") << result::to_json(run);
  }
  Ran run(std::vector<const char*> more = {}) const {
    const std::string root = root_.string();
    std::vector<const char*> words{"history", root.c_str()};
    words.insert(words.end(), more.begin(), more.end());
    return run_words(words);
  }
  fs::path root_;
  std::string cell_;
};

TEST_F(HistoryCommand, NamesTheCommitThatChangedSomething) {
  const auto ran = run();
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("worse with commit07"));
  EXPECT_THAT(ran.out, HasSubstr("client CPU"));
}

TEST_F(HistoryCommand, TakesMetricsCellsAndFormats) {
  const auto csv =
      run({"--format", "csv", "--metric", "client-cpu-per-delivery", "--cell", cell_.c_str()});
  EXPECT_EQ(csv.code, 0) << csv.err;
  EXPECT_THAT(csv.out, HasSubstr("client_cpu_ns_per_delivery"));
  EXPECT_THAT(csv.out, Not(HasSubstr("latency_p50_ns")));
  EXPECT_THAT(run({"--format", "json"}).out, HasSubstr("pushbench.history/1"));
}

TEST_F(HistoryCommand, MistakesAreOneSentence) {
  EXPECT_THAT(run({"--metric", "latency_p51_ns"}).err, HasSubstr("did you mean 'latency_p50_ns'"));
  EXPECT_THAT(run({"--format", "pdf"}).err, HasSubstr("unknown format"));
  EXPECT_THAT(run({"--cell", "nothing"}).err, HasSubstr("no valid run holds"));
  auto other = result::example_result();
  other.scenario.clients = 7;
  write("other", other);
  const auto ran = run();
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("different workloads"));
  EXPECT_EQ(run({"--force"}).code, 0);
}

}  // namespace
}  // namespace pushbench::app
