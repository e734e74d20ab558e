#include "reports/run_charts.h"

#include "harness/result/example_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(RunCharts, PercentilesHaveALinePerCell) {
  const auto run = result::example_result();
  const auto chart = percentile_chart(run);
  EXPECT_THAT(chart, HasSubstr(">99.9 %</span>"));
  EXPECT_THAT(chart, HasSubstr(">1 ms</span>"));
  // One solid and one pale line each: 3,000 events carry to p99.9 only.
  EXPECT_EQ(times(chart, "<path class=\"line s0 faint\""), 1U);
  EXPECT_EQ(times(chart, "<path class=\"line s5 "), 2U);
  for (const auto& name : cell_names(run)) {
    EXPECT_THAT(chart, HasSubstr(name + "</li>"));
  }
}

TEST(RunCharts, TheLongestBarIsFull) {
  const auto chart = bytes_chart(result::example_result());
  EXPECT_THAT(chart, HasSubstr("<title>framing 4 B</title>"));
  // long-polling: 57,800 exchanges of 254 B over 60,000 deliveries are 244.687 of 401.687 B.
  EXPECT_THAT(chart, HasSubstr("<rect class=\"head\" x=\"0.0\" width=\"609.1\""));
}

TEST(RunCharts, SocketsInTimeWaitAreDotted) {
  const auto chart = sockets_chart(result::example_result());
  EXPECT_EQ(times(chart, " dotted\" d="), 1U);
  EXPECT_EQ(times(chart, "<path class=\"line s1 dotted\""), 1U);
}

TEST(RunCharts, WithoutFiguresThereIsNoChart) {
  const auto run = result::minimal_result();
  EXPECT_EQ(percentile_chart(run), "");
  EXPECT_EQ(bytes_chart(run), "");
  EXPECT_EQ(sockets_chart(run), "");
}

TEST(RunCharts, LatenciesAtZeroAndAtTheTopAreDrawn) {
  auto run = result::minimal_result();
  run.cells[0].latency.record(stats::Nanos{0});
  run.cells[0].latency.record(std::chrono::hours(2));
  const auto chart = percentile_chart(run);
  EXPECT_THAT(chart, HasSubstr(">1 µs</span>"));
  EXPECT_THAT(chart, HasSubstr(">1,000 s</span>"));
  EXPECT_THAT(chart, Not(HasSubstr("nan")));
  EXPECT_THAT(chart, Not(HasSubstr("inf")));
}

}  // namespace
}  // namespace pushbench::reports
