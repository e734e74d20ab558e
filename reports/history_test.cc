#include "reports/history.h"

#include "reports/layout.h"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;

gate::History some_history() {
  gate::HistorySeries series{
      .cell = "websocket",
      .gated = {.metric = result::find_metric("latency_p50_ns"), .least_effect = 0.05},
      .points = {},
      .changes = {}};
  for (int i = 0; i < 4; ++i) {
    series.points.push_back({.started_utc = fmt::format("2026-11-0{}T00:00:00Z", i + 1),
                             .commit = fmt::format("c{}", i),
                             .file = "kept/result.json",
                             .value = i < 2 ? 500e3 : 600e3});
  }
  series.changes.push_back({.at = 2, .before = 500e3, .after = 600e3, .p = 0.001, .worse = true});
  return {.directory = "kept", .scenario = "chat", .runs = 4, .left_out = 1, .series = {series}};
}

TEST(HistoryText, SaysWhichRunChangedWhat) {
  const auto text = history_text(some_history());
  EXPECT_THAT(text, HasSubstr("chat: 4 runs of kept, 1 not valid left out"));
  EXPECT_THAT(
      text, HasSubstr("p50 of websocket: 500 µs → 600 µs (+20.0 %), worse with c2 of 2026-11-03"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns(line), 80U) << line;
  }
}

TEST(HistoryCsv, HasARowForEveryPoint) {
  EXPECT_THAT(history_csv(some_history()),
              HasSubstr("2026-11-03T00:00:00Z,c2,kept/result.json,websocket,latency_p50_ns,600000,"
                        "worse\n2026-11-04"));
}

TEST(HistoryJson, HoldsPointsAndChanges) {
  const auto json = boost::json::parse(history_json(some_history())).as_object();
  EXPECT_EQ(json.at("schema").as_string(), "pushbench.history/1");
  const auto& series = json.at("series").as_array().at(0).as_object();
  EXPECT_EQ(series.at("points").as_array().size(), 4U);
  EXPECT_EQ(series.at("changes").as_array().at(0).at("at").as_int64(), 2);
  EXPECT_EQ(series.at("changes").as_array().at(0).at("worse").as_bool(), true);
}

TEST(HistoryHtml, IsAPageWithTheJson) {
  const auto html = history_html(some_history());
  EXPECT_THAT(html, HasSubstr("data-kind=\"history\""));
  EXPECT_THAT(html, HasSubstr(history_json(some_history())));
}

TEST(HistoryFormats, AreFour) {
  EXPECT_EQ(history_formats().size(), 4U);
}

}  // namespace
}  // namespace pushbench::reports
