#include "reports/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace pushbench::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Chart, LinesStandInPlotCoordinates) {
  const LineChart chart{.title = "T\"<",
                        .x_title = "x",
                        .y_title = "y",
                        .x_ticks = {{0.5, "half"}},
                        .y_ticks = {{0.25, ""}},
                        .lines = {{.series = 9, .style = "faint", .points = {{0, 0}, {1, 0.25}}}}};
  const auto html = render_lines(chart);
  EXPECT_THAT(html, HasSubstr("aria-label=\"T&quot;&lt;\""));
  EXPECT_THAT(html, HasSubstr("<path class=\"line s1 faint\" d=\"M0.0 1000.0L1000.0 750.0\"/>"));
  EXPECT_THAT(html, HasSubstr("<path class=\"major\" d=\"M500.0 0V1000\"/>"));
  EXPECT_THAT(html, HasSubstr("<path class=\"minor\" d=\"M0 750.0H1000\"/>"));
  EXPECT_THAT(html, HasSubstr("<span style=\"left:50.00%\">half</span>"));
}

TEST(Chart, ValuesOutsideThePlotStayAtItsEdge) {
  LineChart chart;
  chart.lines = {{.series = 0,
                  .style = "",
                  .points = {{-1, 2}, {std::numeric_limits<double>::quiet_NaN(), 0.5}}}};
  EXPECT_THAT(render_lines(chart), HasSubstr("d=\"M0.0 0.0L0.0 500.0\""));
}

TEST(Chart, BarsStackTheirParts) {
  const BarChart chart{.title = "t",
                       .rows = {{.name = "a/b",
                                 .total = "10 B",
                                 .parts = {{"head", "head 4 B", 0.4}, {"payload", "<6 B", 0.6}}}}};
  const auto html = render_bars(chart);
  EXPECT_THAT(html, HasSubstr("class=\"head\" x=\"0.0\" width=\"400.0\""));
  EXPECT_THAT(html, HasSubstr("class=\"payload\" x=\"400.0\" width=\"600.0\""));
  EXPECT_THAT(html, HasSubstr("<title>&lt;6 B</title>"));
  EXPECT_THAT(html, HasSubstr("a/<wbr>b"));
}

TEST(Chart, LegendEscapesNames) {
  EXPECT_THAT(render_legend({"<b>"}), Not(HasSubstr("<b>")));
}

TEST(Chart, NamesBreakBehindSeparators) {
  EXPECT_EQ(breakable("a/b,<c"), "a/<wbr>b,<wbr>&lt;c");
  EXPECT_EQ(breakable("websocket"), "websocket");
}

TEST(Chart, StepsAreRoundAndReachTheTop) {
  EXPECT_THAT(round_steps(17, 6), ElementsAre(0, 5, 10, 15, 20));
  EXPECT_THAT(round_steps(1000, 5), ElementsAre(0, 200, 400, 600, 800, 1000));
  EXPECT_THAT(round_steps(1, 5).back(), testing::DoubleEq(1));
  EXPECT_THAT(round_steps(0, 5), ElementsAre(0, 1));
  EXPECT_THAT(round_steps(std::numeric_limits<double>::infinity(), 5), ElementsAre(0, 1));
  EXPECT_LE(round_steps(1e18, 5).size(), 12U);
}

}  // namespace
}  // namespace pushbench::reports
