#include "harness/result/example_result.h"
#include "reports/csv_fields.h"
#include "reports/export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pushbench::reports {
namespace {

using result::RunResult;
using testing::HasSubstr;

std::vector<RunResult> history() {
  std::vector<RunResult> runs(2, result::example_result());
  runs[0].started_utc = "2026-11-22T00:00:00Z";
  runs[1].started_utc = "2026-11-21T00:00:00Z";
  return runs;
}

TEST(Otava, ARowARunOldestFirst) {
  const auto files = export_otava(history(), {});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "chat.csv");
  const auto rows = csv_fields(files[0].text);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0][0], "time");
  EXPECT_EQ(rows[1][0], "2026-11-21T00:00:00Z");
  EXPECT_EQ(rows[2][0], "2026-11-22T00:00:00Z");
  EXPECT_EQ(rows[1][1], "0123456789ab");
}

// Its importer takes every field for a number.
TEST(Otava, AColumnIsWhatEveryRunHas) {
  auto runs = history();
  runs[1].cells.back().server.reset();
  const auto rows = csv_fields(export_otava(runs, {})[0].text);
  const auto has = [&rows](const char* name) {
    return std::find(rows[0].begin(), rows[0].end(), name) != rows[0].end();
  };
  EXPECT_TRUE(has("chat/websocket/latency-p99-ns"));
  EXPECT_FALSE(has("chat/websocket/server-cpu-ns-per-delivery"));
  EXPECT_TRUE(has("chat/streaming/sse/server-cpu-ns-per-delivery"));
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), rows[0].size());
    for (std::size_t i = 3; &row != &rows[0] && i < row.size(); ++i) {
      EXPECT_NO_THROW(static_cast<void>(std::stod(row[i]))) << rows[0][i];
    }
  }
}

TEST(Otava, TheTestsNameTableColumnsAndDirections) {
  const auto tests = export_otava(history(), {})[1];
  EXPECT_EQ(tests.name, "otava.yaml");
  EXPECT_THAT(tests.text, HasSubstr("  \"chat\":\n    type: csv\n    file: \"chat.csv\"\n"));
  EXPECT_THAT(tests.text,
              HasSubstr("\"chat/websocket/latency-p99-ns\": {direction: -1, scale: 1}"));
  EXPECT_THAT(tests.text, HasSubstr("\"chat/websocket/received-per-s\": {direction: 1, scale: 1}"));
}

}  // namespace
}  // namespace pushbench::reports
