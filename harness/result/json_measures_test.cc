#include "harness/result/json_measures.h"

#include "harness/result/example_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::result {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string measures_text(const CellResult& cell) {
  JsonWriter json;
  json.begin_object();
  write_measures(json, cell);
  json.end_object();
  return json.take();
}

CellResult measures_back(const std::string& text) {
  const auto document = parse_json(text, "m").value();
  ReadContext context("m");
  CellResult cell;
  read_measures(JsonView(document, "", context), cell);
  EXPECT_FALSE(context.failure()) << context.failure()->text;
  return cell;
}

TEST(JsonMeasures, EveryPartComesBack) {
  const CellResult cell = example_result().cells.back();
  const CellResult back = measures_back(measures_text(cell));
  EXPECT_EQ(measures_text(back), measures_text(cell));
  EXPECT_EQ(back.kernel_clients->segments_in, cell.kernel_clients->segments_in);
  EXPECT_EQ(back.server->involuntary_switches, cell.server->involuntary_switches);
  EXPECT_EQ(back.phases.measure_s, cell.phases.measure_s);
  EXPECT_EQ(back.generator.steal_share, cell.generator.steal_share);
  EXPECT_EQ(back.connect_order.size(), cell.connect_order.size());
  EXPECT_EQ(back.predicted.size(), cell.predicted.size());
  EXPECT_EQ(back.exact, cell.exact);
  EXPECT_EQ(back.unexplained_bytes, cell.unexplained_bytes);
}

TEST(JsonMeasures, WhatWasNotMeasuredIsLeftOut) {
  const std::string text = measures_text(CellResult());
  for (const auto* key : {"server", "kernel_clients", "connect_order", "predicted", "exact",
                          "steal_share", "warmup_s", "unexplained_bytes"}) {
    EXPECT_THAT(text, Not(HasSubstr("\"" + std::string(key) + "\""))) << key;
  }
  const CellResult back = measures_back(text);
  EXPECT_FALSE(back.kernel_server);
  EXPECT_FALSE(back.phases.end_s);
}

}  // namespace
}  // namespace pushbench::result
