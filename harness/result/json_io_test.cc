#include "harness/result/json_io.h"

#include "harness/base/random.h"
#include "harness/result/example_result.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::result {
namespace {

using testing::HasSubstr;

std::string refused(std::string_view text) {
  const auto run = from_json(text, "r.json");
  if (run) {
    return "";
  }
  EXPECT_EQ(run.error().code, ExitCode::kUsage);
  EXPECT_EQ(run.error().text.find('\n'), std::string::npos);
  return run.error().text;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(JsonIo, ComesBackToTheByte) {
  for (const auto& run : {example_result(), doubtful_result(), minimal_result(), RunResult()}) {
    const auto text = to_json(run);
    const auto back = from_json(text, "r.json");
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(to_json(*back), text);
  }
}

// Another reader's view: the keys that scripts rely on.
TEST(JsonIo, HasTheKeysOfTheSchema) {
  const auto document = boost::json::parse(to_json(doubtful_result()));
  EXPECT_EQ(document.at("schema").as_string(), "pushbench.result/1");
  EXPECT_EQ(document.at("tool").at("git").as_string(), "0123456789ab");
  EXPECT_EQ(document.at("scenario").at("name").as_string(), "chat");
  EXPECT_EQ(document.at("scenario").at("hash").as_string().size(), 16U);
  EXPECT_EQ(document.at("validity").at("verdict").as_string(), "invalid");
  EXPECT_EQ(document.at("validity").at("caveats").at(0).at("id").as_string(), "partial-run");
  EXPECT_EQ(document.at("partial").as_bool(), true);
  const auto& cell = document.at("cells").at(1);
  EXPECT_EQ(cell.at("name").as_string(), "polling/interval=1s,new-connection");
  EXPECT_EQ(cell.at("options").at("interval_ns").as_int64(), 1'000'000'000);
  EXPECT_EQ(cell.at("metrics").at("lost").as_int64(), 0);
  EXPECT_EQ(cell.at("metrics").as_object().find("latency_p99_ns"),
            cell.at("metrics").as_object().end());
  EXPECT_EQ(cell.at("histograms").at("latency").at("hdr").as_string().subview(0, 5), "HISTF");
  EXPECT_EQ(document.at("thresholds").at(0).as_object().count("actual"), 0U);
}

TEST(JsonIo, KeysItDoesNotKnowAreIgnored) {
  const auto text = to_json(minimal_result());
  const auto back =
      from_json(replaced(text, "\"command\"", "\"future\": [1, {}],\n  \"command\""), "r");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(to_json(*back), text);
}

TEST(JsonIo, ANewerSchemaIsRefusedByName) {
  EXPECT_EQ(refused(R"({"schema": "pushbench.result/2", "anything": 1})"),
            "r.json: schema 'pushbench.result/2' is newer than this program reads "
            "('pushbench.result/1'); use the pushbench that wrote it, or a newer one");
}

TEST(JsonIo, ForeignFilesAreNamedAsSuch) {
  EXPECT_THAT(refused(R"({"results": []})"), HasSubstr("r.json: not a result of pushbench"));
  EXPECT_THAT(refused("[]"), HasSubstr("r.json: not a result of pushbench"));
  EXPECT_THAT(refused(R"({"schema": "k6/\u001b1"})"), HasSubstr("its schema is 'k6/\\x1b1'"));
  EXPECT_THAT(refused(R"({"schema": "pushbench.result/x"})"), HasSubstr("not a result"));
  EXPECT_THAT(refused("name: chat\n"), HasSubstr("r.json:1: not valid JSON"));
}

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t kSlower = 25;
#else
constexpr std::size_t kSlower = 1;
#endif

TEST(JsonIo, ACutFileIsNamedAtEveryPlace) {
  const auto text = to_json(minimal_result());
  for (std::size_t length = 0; length + 2 < text.size(); length += kSlower) {
    ASSERT_THAT(refused(text.substr(0, length)), HasSubstr("cut short")) << length;
  }
  const auto whole = to_json(doubtful_result());
  for (std::size_t length = 0; length + 2 < whole.size(); length += 97 * kSlower) {
    ASSERT_THAT(refused(whole.substr(0, length)), HasSubstr("cut short")) << length;
  }
}

TEST(JsonIo, HandEditsNameTheKeyPath) {
  const auto text = to_json(doubtful_result());
  EXPECT_EQ(refused(replaced(text, "\"verdict\": \"invalid\"", "\"verdict\": \"fine\"")),
            "r.json: validity.verdict must be valid, suspect or invalid, not 'fine'");
  EXPECT_EQ(refused(replaced(text, "\"clients\": 1000", "\"clients\": \"1000\"")),
            "r.json: scenario.clients must be a whole number, not a string");
  EXPECT_EQ(refused(replaced(text, "\"started\"", "\"begun\"")),
            "r.json: started is missing; the file is not a complete result");
}

// Whatever is edited, the answer is one sentence or a result that is written the same ever after.
TEST(JsonIo, RandomEditsNeverBreakTheReader) {
  auto run = doubtful_result();
  run.cells.resize(1);
  const std::string text = to_json(run);
  Random random(42);
  constexpr int kEdits = 1500 / static_cast<int>(kSlower);
  int accepted = 0;
  for (int i = 0; i < kEdits; ++i) {
    std::string edited = text;
    constexpr std::string_view kBytes = "0123456789-+.eE\"{}[],: ntf\\u\x01\xff";
    edited[random.below(edited.size())] = kBytes[random.below(kBytes.size())];
    const auto first = from_json(edited, "r.json");
    if (!first) {
      EXPECT_EQ(first.error().text.find('\n'), std::string::npos);
      continue;
    }
    ++accepted;
    const auto written = to_json(*first);
    const auto second = from_json(written, "r.json");
    ASSERT_TRUE(second) << second.error().text;
    EXPECT_EQ(to_json(*second), written);
  }
  EXPECT_GT(accepted, kEdits / 100);
}

// Whatever bits a disk or a network turns over.
TEST(JsonIo, TurnedBitsNeverBreakTheReader) {
  auto run = example_result();
  run.cells.resize(1);
  run.thresholds.clear();
  const std::string text = to_json(run);
  Random random(43);
  int refusals = 0;
  constexpr int kFlips = 3000 / static_cast<int>(kSlower);
  for (int i = 0; i < kFlips; ++i) {
    std::string turned = text;
    for (auto bits = 1 + random.below(4); bits > 0; --bits) {
      turned[random.below(turned.size())] ^= static_cast<char>(1U << random.below(8));
    }
    const auto back = from_json(turned, "r.json");
    refusals += back ? 0 : 1;
    if (!back) {
      ASSERT_EQ(back.error().text.find('\n'), std::string::npos);
      ASSERT_TRUE(back.error().text.starts_with("r.json:")) << back.error().text;
    }
  }
  EXPECT_GT(refusals, kFlips / 10);
}

TEST(JsonIo, AContradictionIsRefused) {
  const auto text = to_json(example_result());
  auto lossy = text;
  const auto counters = lossy.find("\"counters\"");
  lossy.replace(lossy.find("\"lost\": 0", counters), 9, "\"lost\": 7");
  EXPECT_EQ(refused(lossy),
            "r.json: cells[0].counters: deliveries: expected = delivered + lost + in flight does "
            "not hold, 60000 is not 60007; was the file edited by hand?");
  EXPECT_THAT(refused(replaced(text, "\"count\": 60000", "\"count\": 59999")),
              HasSubstr("cells[0].histograms.latency.count is not the number of values in hdr"));
  EXPECT_THAT(refused(replaced(text, "\"seed\": 1,", "\"seed\": 2,")),
              HasSubstr("scenario.hash is not that of the workload beside it"));
  EXPECT_THAT(refused(replaced(text, "\"measure_s\": 10,", "\"measure_s\": 1e999,")),
              HasSubstr("cells[0].measure_s is a number that no double holds"));
  EXPECT_THAT(refused(replaced(text, "\"measure_s\": 10,", "\"measure_s\": NaN,")),
              HasSubstr("not valid JSON"));
  EXPECT_THAT(refused(replaced(text, "\"measure_s\": 10,", "\"measure_s\": -10,")),
              HasSubstr("cells[0].measure_s must be from 0 to"));
}

TEST(JsonIo, TooManyCellsAreRefused) {
  std::string cells = "\"cells\": [{}";
  for (int i = 0; i < 1000; ++i) {
    cells += ", {}";
  }
  auto text = to_json(RunResult());
  EXPECT_EQ(refused(replaced(text, "\"cells\": [", cells)),
            "r.json: cells must have at most 1000 items");
}

}  // namespace
}  // namespace pushbench::result
