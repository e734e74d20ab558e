#include "harness/app/captured.h"
#include "harness/result/example_result.h"
#include "harness/result/json_io.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CompareCommand : public testing::Test {
 protected:
  CompareCommand() : root_(fs::path(testing::TempDir()) / "compare_command") {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  std::string write(const std::string& below, const std::string& text) const {
    const auto path = root_ / below;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }
  std::string write(const std::string& below, const result::RunResult& run) const {
    return write(below, result::to_json(run));
  }
  fs::path root_;
};

TEST_F(CompareCommand, AResultWithItselfIsNoRegressionButDecidesNothingThatScatters) {
  const auto file = write("a/result.json", result::example_result());
  const auto ran = run_words({"compare", file.c_str(), file.c_str()});
  EXPECT_EQ(ran.code, 5) << ran.err;  // one run of a side says nothing of what scatters
  EXPECT_THAT(ran.out, HasSubstr("No regression was found"));
}

TEST_F(CompareCommand, OneByteMoreIsExitCodeFourInEveryFormat) {
  auto run = result::example_result();
  const auto base = write("base/result.json", run);
  ASSERT_FALSE(run.cells[0].exact.empty());
  ++run.cells[0].exact.begin()->second;
  const auto head = write("head/result.json", run);
  for (const char* format : {"text", "md", "json"}) {
    const auto ran = run_words({"compare", base.c_str(), head.c_str(), "--format", format});
    EXPECT_EQ(ran.code, 4) << format;
    EXPECT_THAT(ran.out, HasSubstr("changed"));
  }
  const auto ran = run_words({"compare", base.c_str(), head.c_str(), "--exit-zero-on", "4,5"});
  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("1 regression"));
}

TEST_F(CompareCommand, AcceptsByThePolicyFile) {
  auto run = result::example_result();
  const auto base = write("base/result.json", run);
  ++run.cells[0].exact.begin()->second;
  const auto head = write("head/result.json", run);
  const auto policy = write("gate.yaml",
                            "gate: [{metric: bytes-per-delivery, effect: 1%}]\n"
                            "accept: [{metric: exact, reason: a field more, until: 9999-12-31}]");
  const auto ran = run_words({"compare", base.c_str(), head.c_str(), "--policy", policy.c_str()});
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("a field more"));
}

TEST_F(CompareCommand, TakesANoiseFloorThatLiesBesideTheBaseOnlyWhenItFits) {
  const auto base = write("base/result.json", result::example_result());
  write("base/noise.json", R"({"schema": "pushbench.noise/1", "scenario": "x",
    "scenario_hash": "other", "environment": {}, "cells": {}})");
  auto ran = run_words({"compare", base.c_str(), base.c_str(), "--exit-zero-on", "5"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("applied:"));  // the words before it may be on the line above
  const auto named = (root_ / "base/noise.json").string();
  ran = run_words({"compare", base.c_str(), base.c_str(), "--noise", named.c_str()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("another workload"));
  write("base/noise.json", "{");
  ran = run_words({"compare", base.c_str(), base.c_str()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("noise.json"));
}

TEST_F(CompareCommand, MistakesAreOneSentenceAndExitCodeTwo) {
  const auto file = write("a/result.json", result::example_result());
  const auto wrong = [](std::vector<const char*> words) {
    words.insert(words.begin(), "compare");
    const auto ran = run_words(words);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_EQ(ran.out, "");
    return ran.err;
  };
  EXPECT_THAT(wrong({}), HasSubstr("name two result files"));
  EXPECT_THAT(wrong({file.c_str()}), HasSubstr("name two result files"));
  EXPECT_THAT(wrong({file.c_str(), "nothing"}), HasSubstr("nothing: does not exist"));
  EXPECT_THAT(wrong({file.c_str(), file.c_str(), "--format", "txt"}), HasSubstr("unknown format"));
  EXPECT_THAT(wrong({file.c_str(), file.c_str(), "--policy", "none.yaml"}), HasSubstr("none.yaml"));
  EXPECT_THAT(wrong({"quick", "--base-bin", "/bin/true"}), HasSubstr("expected --head-bin"));
  EXPECT_THAT(wrong({"quick", "--base-bin", "/no/such", "--head-bin", "/bin/true"}),
              HasSubstr("is no program"));
  EXPECT_THAT(wrong({"quick", "--base-bin", "a", "--head-server", "b"}),
              HasSubstr("two of a kind"));
  EXPECT_THAT(wrong({"--base-server", "a", "--head-server", "b"}), HasSubstr("name one scenario"));
  EXPECT_THAT(wrong({"quick", "--head-ref", "main"}), HasSubstr("expected --base-ref"));
  EXPECT_THAT(wrong({"quick", "--base-ref", "main", "--base-bin", "a"}),
              HasSubstr("leave programs"));
  EXPECT_THAT(wrong({"no-such-scenario", "--base-ref", "main"}), HasSubstr("no-such-scenario"));
  EXPECT_THAT(wrong({"quick", "--base-server", "a", "--head-server", "b", "--repeats", "0"}),
              HasSubstr("--repeats"));
}

// Programs whose runs scatter by 8 %, the head's about 4 % above the base's.
class CompareRuns : public CompareCommand {
 protected:
  CompareRuns() {
    for (std::uint64_t i = 0; i < 25; ++i) {
      write_run("base", i, 96 + 2 * (i % 5));
      write_run("head", i, 100 + 2 * (i * 3 % 5));
    }
    policy_ = write("gate.yaml", "gate: [{metric: server-cpu-quiet-per-delivery, effect: 3%}]");
  }
  void write_run(const std::string& side, std::uint64_t i, std::uint64_t cost) const {
    auto run = result::example_result();
    run.cells.resize(1);
    run.cells[0].server->quiet_cpu_ps_per_delivery = cost;
    write(fmt::format("made/{}/{:03}.json", side, i + 1), run);
  }
  std::string program(const std::string& side) const {
    auto path =
        write(side + ".sh",
              fmt::format("#!/bin/sh\nfor last; do :; done\n[ \"$last\" = --help ] && exit 0\n"
                          "mkdir -p \"$last\"\n"
                          "cp {}/made/{}/$(basename \"$last\").json \"$last/result.json\"\n",
                          root_.string(), side));
    fs::permissions(path, fs::perms::owner_all);
    return path;
  }
  Ran compare(const std::string& head, const char* more) const {
    fs::remove_all(root_ / "out");
    const auto base_bin = program("base");
    const auto head_bin = program(head);
    const auto out = (root_ / "out").string();
    return run_words({"compare", "quick", "--base-bin", base_bin.c_str(), "--head-bin",
                      head_bin.c_str(), "--policy", policy_.c_str(), "--repeats", "5", "--more",
                      more, "--out", out.c_str(), "--force"});
  }
  bool made(const std::string& run) const { return fs::exists(root_ / "out" / run); }
  std::string policy_;
};

TEST_F(CompareRuns, RunsAreAddedWhenARegressionIsLikelyAndNotProven) {
  auto ran = compare("head", "0");
  EXPECT_EQ(ran.code, 5) << ran.err;
  EXPECT_FALSE(made("head/006"));
  ran = compare("head", "20");
  EXPECT_EQ(ran.code, 4) << ran.err;
  EXPECT_THAT(ran.err, HasSubstr("likely worse and not proven: server_cpu_quiet_ns_per_delivery"));
  EXPECT_THAT(ran.err, HasSubstr("run 50 of 50"));
  EXPECT_TRUE(made("head/025"));
}

TEST_F(CompareRuns, RunsAreNotAddedWhenNothingLooksWorse) {
  const auto ran = compare("base", "20");
  EXPECT_EQ(ran.code, 5) << ran.err;
  EXPECT_EQ(ran.err.find("likely"), std::string::npos);
  EXPECT_FALSE(made("head/006"));
}

TEST_F(CompareRuns, BothLooksShareTheSignificance) {
  EXPECT_THAT(compare("base", "0").out + compare("base", "20").out,
              testing::AllOf(HasSubstr("at 0.01 after"), HasSubstr("at 0.009 after")));
}

TEST_F(CompareCommand, RefusesADirectoryThatHoldsRunsAlready) {
  const auto kept = write("out/base/001/result.json", result::example_result());
  const auto out = (root_ / "out").string();
  const auto ran = run_words({"compare", "quick", "--base-server", "false", "--head-server",
                              "false", "--out", out.c_str()});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("holds runs already"));
  EXPECT_TRUE(fs::exists(kept));
}

}  // namespace
}  // namespace pushbench::app
