#include "harness/result/run_result.h"

#include <gtest/gtest.h>

namespace pushbench::result {
namespace {

TEST(RunResult, VerdictsRiseWithDoubt) {
  EXPECT_LT(Verdict::kValid, Verdict::kSuspect);
  EXPECT_LT(Verdict::kSuspect, Verdict::kInvalid);
  EXPECT_EQ(verdict_name(Verdict::kValid), "valid");
  EXPECT_EQ(verdict_name(Verdict::kSuspect), "suspect");
  EXPECT_EQ(verdict_name(Verdict::kInvalid), "invalid");
  EXPECT_EQ(severity_name(Verdict::kValid), "note");
  EXPECT_EQ(severity_name(Verdict::kInvalid), "invalid");
}

TEST(RunResult, LabelsTellRepeatsApart) {
  CellResult cell;
  cell.name = "websocket";
  EXPECT_EQ(cell.label(), "websocket");
  cell.repeat = 1;
  EXPECT_EQ(cell.label(), "websocket#2");
}

}  // namespace
}  // namespace pushbench::result
