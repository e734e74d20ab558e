#include "reports/census_chart.h"

#include "harness/result/example_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CensusChart, PhasesAreMarkedWhereTheyBegan) {
  auto run = result::example_result();
  run.cells.resize(1);
  run.cells[0].series.at_s.back() = 20;  // the axis ends there
  run.cells[0].phases = {.warmup_s = 2, .measure_s = 5, .drain_s = 15, .end_s = std::nullopt};
  const auto chart = census_charts(run);
  EXPECT_THAT(chart, HasSubstr("<span style=\"left:10.00%\">warm-up</span>"));
  EXPECT_THAT(chart, HasSubstr("<span style=\"left:25.00%\">measure</span>"));
  EXPECT_THAT(chart, HasSubstr("<span style=\"left:75.00%\">drain</span>"));
}

TEST(CensusChart, NamesDoNotRunIntoEachOther) {
  auto run = result::example_result();
  run.cells.resize(1);
  run.cells[0].phases = {.warmup_s = 4.8, .measure_s = 5, .drain_s = 15, .end_s = 15.1};
  const auto chart = census_charts(run);
  EXPECT_THAT(chart, Not(HasSubstr(">warm-up</span>")));
  EXPECT_THAT(chart, HasSubstr(">measure</span>"));
  EXPECT_THAT(chart, HasSubstr(">drain</span>"));
}

TEST(CensusChart, StatesThatNeverWereAreLeftOut) {
  auto run = result::example_result();
  EXPECT_THAT(census_charts(run), Not(HasSubstr("CLOSE_WAIT")));
  run.cells[3].series.server_close_wait[4] = 7;
  EXPECT_THAT(census_charts(run), HasSubstr("CLOSE_WAIT, server</li>"));
  EXPECT_THAT(census_charts(run), Not(HasSubstr("CLOSE_WAIT, clients")));
}

TEST(CensusChart, WithoutACensusThereIsNone) {
  EXPECT_EQ(census_charts(result::minimal_result()), "");
}

}  // namespace
}  // namespace pushbench::reports
