#include "reports/text.h"

#include "harness/result/example_result.h"
#include "reports/hostile_result.h"
#include "reports/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const result::RunResult& run, const RenderOptions& options = {}) {
  return render_text(std::span(&run, 1), options);
}

TEST(Text, KeepsToTheWidth) {
  for (const std::size_t width : {80U, 100U}) {
    for (const bool full : {false, true}) {
      for (const auto& run : {result::example_result(), result::doubtful_result()}) {
        std::istringstream lines(text_of(run, {.width = width, .full = full}));
        for (std::string line; std::getline(lines, line);) {
          EXPECT_LE(columns(line), width) << line;
        }
      }
    }
  }
}

TEST(Text, VerdictAnswerAndTablesInThisOrder) {
  const auto run = result::example_result();
  const auto text = text_of(run);
  const auto answer = text.find("websocket has the lowest p99");
  ASSERT_NE(answer, std::string::npos);
  EXPECT_LT(text.find("VALID:"), answer);
  EXPECT_LT(answer, text.find("Latency\n"));
  EXPECT_THAT(text, HasSubstr("no coordinated omission"));
  EXPECT_THAT(text, HasSubstr("Again: pushbench run scenarios/chat.yaml --rate 300/s\n"));
}

TEST(Text, WithheldPercentilesHaveANote) {
  EXPECT_THAT(text_of(result::doubtful_result()), HasSubstr("n too small: a percentile"));
  EXPECT_THAT(text_of(result::example_result()), Not(HasSubstr("n too small")));
}

TEST(Text, NotesComeAfterTheTables) {
  auto run = result::example_result();
  run.caveats.push_back({.id = "governor",
                         .severity = result::Verdict::kValid,
                         .cell = "",
                         .text = "it saves power",
                         .remedy = "Let it not."});
  const auto text = text_of(run);
  EXPECT_THAT(text, HasSubstr("VALID: every check"));
  EXPECT_GT(text.find("governor [note]\n    it saves power\n    -> Let it not.\n"),
            text.find("Cost\n"));
}

TEST(Text, FullShowsEveryTopic) {
  const auto run = result::example_result();
  EXPECT_THAT(text_of(run), Not(HasSubstr("\nFan-out\n")));
  EXPECT_THAT(text_of(run), HasSubstr("--full"));
  EXPECT_THAT(text_of(run, {.full = true}), HasSubstr("\nFan-out\n"));
}

TEST(Text, ColourOnlyWhenAsked) {
  const auto run = result::doubtful_result();
  EXPECT_THAT(text_of(run), Not(HasSubstr("\x1b")));
  EXPECT_THAT(text_of(run, {.colour = true}), HasSubstr("\x1b[1;31mINVALID:"));
}

// Colours add nothing and move nothing: without them the text is the plain one.
TEST(Text, ColoursChangeNoColumn) {
  const std::regex ink("\x1b\\[[0-9;]*m");
  for (const auto& run : {result::example_result(), result::doubtful_result()}) {
    const auto coloured = text_of(run, {.colour = true, .full = true});
    EXPECT_EQ(std::regex_replace(coloured, ink, ""), text_of(run, {.full = true}));
  }
}

TEST(Text, TheBestFigureIsBoldAndAThresholdHasItsColour) {
  const auto text = text_of(result::example_result(), {.colour = true});
  EXPECT_THAT(text, HasSubstr("\x1b[1m1.06 ms\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[1m132 B\x1b[0m"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[1m1.09 ms")));
  EXPECT_THAT(text, HasSubstr("\x1b[1;31mcrossed\x1b[0m"));
  EXPECT_THAT(text, HasSubstr("\x1b[1;32mheld\x1b[0m"));
}

TEST(Text, HostileTextsAreShownNotRun) {
  const auto text = text_of(hostile_result(), {.width = 200});
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("\\x1b[2J\\x0a"));
}

}  // namespace
}  // namespace pushbench::reports
