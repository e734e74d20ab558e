#include "harness/gate/facts.h"

#include "harness/result/example_result.h"
#include "harness/result/json_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace pushbench::gate {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Facts : public testing::Test {
 protected:
  Facts() : root_(fs::path(testing::TempDir()) / "gate_facts") { fs::remove_all(root_); }
  std::string write(const std::string& below, const std::string& text) const {
    const auto path = root_ / below;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  std::string refusal(const std::string& path) const {
    const auto arm = load_arm(path);
    EXPECT_FALSE(arm);
    EXPECT_EQ(arm ? ExitCode::kOk : arm.error().code, ExitCode::kUsage);
    return arm ? "" : arm.error().text;
  }
  fs::path root_;
};

TEST_F(Facts, KeepsMetricsExactCountsAndWhatIsWithinARun) {
  const auto run = result::example_result();
  const auto facts = facts_of(run, "x.json");
  ASSERT_EQ(facts.cells.size(), run.cells.size());
  const auto& cell = run.cells.back();
  const auto& kept = facts.cells.at(cell.name).at(0);
  for (const auto& metric : result::metrics()) {
    EXPECT_EQ(kept.read(metric.name), metric.read(cell)) << metric.name;
  }
  EXPECT_EQ(kept.exact, cell.exact);
  EXPECT_EQ(kept.audit.at("lost"), cell.counters[result::Counter::kLost]);
  const auto& within = kept.within.at("latency_p50_ns");
  EXPECT_EQ(within.quantile, 0.5);
  EXPECT_EQ(within.draws, std::min(cell.events_measured, cell.latency.count()));
  EXPECT_DOUBLE_EQ(within.shares.back().first, 1);
  EXPECT_FALSE(facts.invalid) << facts.why_invalid;
  EXPECT_EQ(facts.scenario_hash, run.scenario.hash());
}

// A verdict that was edited in the file is not believed; and losses are the audit's to judge.
TEST_F(Facts, JudgesTheValidityAnew) {
  auto run = result::example_result();
  run.partial = true;
  run.verdict = result::Verdict::kValid;
  const auto facts = facts_of(run, "x.json");
  EXPECT_TRUE(facts.invalid);
  EXPECT_THAT(facts.why_invalid, HasSubstr("partial-run"));

  run = result::example_result();
  run.cells[0].counters[result::Counter::kLost] += 2;
  run.cells[0].counters[result::Counter::kDelivered] -= 2;
  EXPECT_FALSE(facts_of(run, "x.json").invalid);
}

TEST_F(Facts, LoadsAFileAndADirectoryInTheOrderOfTheirStart) {
  auto run = result::example_result();
  run.started_utc = "2026-11-26T10:00:00Z";
  const auto late = write("a/result.json", result::to_json(run));
  run.started_utc = "2026-11-26T09:00:00Z";
  write("b/deep/result.json", result::to_json(run));
  write("b/noise.json", "{}");
  const auto one = load_arm(late);
  ASSERT_TRUE(one) << one.error().text;
  EXPECT_EQ(one->runs.size(), 1U);
  const auto both = load_arm(root_.string());
  ASSERT_TRUE(both) << both.error().text;
  ASSERT_EQ(both->runs.size(), 2U);
  EXPECT_EQ(both->runs[0].started_utc, "2026-11-26T09:00:00Z");
}

TEST_F(Facts, NamesTheFileThatCannotBeCompared) {
  const std::string whole = result::to_json(result::example_result());
  const auto cut = write("cut/result.json", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(refusal(cut), HasSubstr(cut));
  EXPECT_THAT(refusal((root_ / "cut").string()), HasSubstr(cut));

  const auto foreign = write("foreign/result.json", R"({"benchmarks": []})");
  EXPECT_THAT(refusal(foreign), HasSubstr("not a result of pushbench"));

  std::string text = whole;
  text.replace(text.find("pushbench.result/1"), 18, "pushbench.result/9");
  const auto newer = write("newer/result.json", text);
  EXPECT_THAT(refusal(newer), HasSubstr("newer"));
  EXPECT_THAT(refusal(newer), HasSubstr(newer));
}

TEST_F(Facts, FindsCountersThatWereEdited) {
  auto run = result::example_result();
  run.cells[1].counters[result::Counter::kLost] += 5;
  const auto path = write("edited/result.json", result::to_json(run));
  const auto text = refusal(path);
  EXPECT_THAT(text, HasSubstr(path));
  EXPECT_THAT(text, HasSubstr("cells[1]"));
  EXPECT_THAT(text, HasSubstr("edited by hand"));
}

TEST_F(Facts, SaysWhatIsMissing) {
  fs::create_directories(root_ / "empty");
  EXPECT_THAT(refusal((root_ / "empty").string()), HasSubstr("no result.json"));
  EXPECT_THAT(refusal((root_ / "none").string()), HasSubstr("does not exist"));
  auto run = result::example_result();
  run.cells.clear();
  EXPECT_THAT(refusal(write("bare/result.json", result::to_json(run))), HasSubstr("no cell"));
}

}  // namespace
}  // namespace pushbench::gate
