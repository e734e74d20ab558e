#include "harness/result/json_cell.h"

#include "harness/result/example_result.h"
#include "harness/result/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace pushbench::result {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(const CellResult& cell) {
  JsonWriter json;
  write_cell(json, cell);
  return json.take();
}

CellResult read_back(const std::string& text, std::string* failure = nullptr) {
  const auto document = parse_json(text, "c").value();
  ReadContext context("c");
  auto cell = read_cell(JsonView(document, "", context));
  if (failure != nullptr) {
    *failure = context.failure() ? context.failure()->text : "";
  } else {
    EXPECT_FALSE(context.failure()) << context.failure()->text;
  }
  return cell;
}

std::string failure_after(std::string_view from, std::string_view to) {
  auto text = text_of(example_result().cells.back());
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  std::string failure;
  read_back(text, &failure);
  return failure;
}

TEST(JsonCell, EveryPartComesBack) {
  for (const auto& cell : doubtful_result().cells) {
    const auto back = read_back(text_of(cell));
    EXPECT_EQ(text_of(back), text_of(cell));
    EXPECT_EQ(back.counters, cell.counters);
    EXPECT_EQ(back.cut_faults, cell.cut_faults);
    EXPECT_EQ(back.latency, cell.latency);
    EXPECT_EQ(back.latency.max(), cell.latency.max());
    EXPECT_EQ(back.server.has_value(), cell.server.has_value());
    EXPECT_EQ(back.series.sockets_open, cell.series.sockets_open);
    EXPECT_TRUE(std::isnan(back.series.server_cpu_share.at(0)));
    for (const auto& metric : metrics()) {
      EXPECT_EQ(metric.read(back), metric.read(cell)) << metric.name;
    }
  }
}

TEST(JsonCell, WhatIsEmptyIsLeftOut) {
  const auto text = text_of(minimal_result().cells[0]);
  EXPECT_THAT(text, HasSubstr("\"histograms\": {}"));
  EXPECT_THAT(text, HasSubstr("\"series\": {}"));
  EXPECT_THAT(text, HasSubstr("\"cut\": {}"));
  EXPECT_THAT(text, Not(HasSubstr("\"server\"")));
  EXPECT_THAT(text, Not(HasSubstr("latency_p50_ns")));
  EXPECT_EQ(text_of(read_back(text)), text);
}

// A sum of latencies far above what a double counts exactly.
TEST(JsonCell, MeansOfHugeSumsComeBack) {
  CellResult cell;
  for (int i = 0; i < 50; ++i) {
    cell.latency.record(stats::Nanos{3'000'000'000'001 + i * 7'919}, 9'000'001);
  }
  EXPECT_EQ(text_of(read_back(text_of(cell))), text_of(cell));
}

TEST(JsonCell, EditsThatDoNotFitAreNamed) {
  EXPECT_EQ(failure_after("\"count\": 60000", "\"count\": 60001"),
            "c: histograms.latency.count is not the number of values in hdr; was the file edited "
            "by hand?");
  EXPECT_THAT(failure_after("\"hdr\": \"HISTF", "\"hdr\": \"HISTX"),
              HasSubstr("c: histograms.latency.hdr does not hold a histogram: "));
  EXPECT_EQ(failure_after("\"at_s\": [1, 2,", "\"at_s\": [1,"),
            "c: series.offered_per_s must have as many points as at_s (16)");
  EXPECT_EQ(failure_after("\"counters\"", "\"counts\""),
            "c: counters is missing; the file is not a complete result");
  EXPECT_EQ(
      failure_after("\"sockets_open_at_end\": 0", "\"sockets_open_at_end\": -1"),
      "c: counters.sockets_open_at_end must be a whole number from 0 to 18446744073709551615");
}

}  // namespace
}  // namespace pushbench::result
