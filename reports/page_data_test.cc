#include "reports/page_data.h"

#include "harness/result/example_result.h"
#include "harness/result/metrics.h"
#include "reports/format.h"
#include "reports/topics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pushbench::reports {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

stats::Histogram thousand_ms() {
  stats::Histogram out;
  for (int i = 1; i <= 1000; ++i) {
    out.record(milliseconds(i));
  }
  return out;
}

TEST(Curve, IsTheQuantilesOfTheHistogram) {
  const auto histogram = thousand_ms();
  const auto curve = curve_ns(histogram);
  ASSERT_EQ(curve.size(), 61U);  // 1,000 values: three decades, and the highest
  EXPECT_EQ(curve[0], histogram.quantile(0).count());
  EXPECT_EQ(curve[20], histogram.quantile(0.9).count());
  EXPECT_EQ(curve[40], histogram.quantile(0.99).count());
  EXPECT_EQ(curve[60], histogram.max().count());
  EXPECT_TRUE(std::is_sorted(curve.begin(), curve.end()));
}

TEST(Curve, OfOneValueAndOfNone) {
  stats::Histogram one;
  EXPECT_TRUE(curve_ns(one).empty());
  one.record(milliseconds(7));
  EXPECT_EQ(curve_ns(one), std::vector<std::int64_t>{7'000'000});
}

TEST(PageData, SaysWhatTheOtherReportsSay) {
  const auto run = result::doubtful_result();
  const auto view = report_view(std::span(&run, 1));
  EXPECT_THAT(view, HasSubstr(answer_sentence(run).substr(0, 40)));
  for (const auto& metric : result::metrics()) {
    EXPECT_THAT(view, HasSubstr("\"name\": \"" + std::string(metric.name) + "\""));
  }
  for (const auto& topic : topic_outlines()) {
    EXPECT_THAT(view, HasSubstr("\"id\": \"" + std::string(topic.id) + "\""));
    for (const auto& column : topic.columns) {
      EXPECT_NE(result::find_metric(column.metric), nullptr) << column.metric;
    }
  }
}

TEST(PageData, HoldsAViewForEachRunAndCell) {
  const std::vector<result::RunResult> runs{result::example_result(), result::minimal_result()};
  const auto data = report_data(runs);
  std::size_t labels = 0;
  for (auto at = data.find("\"curves\""); at != std::string::npos;
       at = data.find("\"curves\"", at + 1)) {
    ++labels;
  }
  EXPECT_EQ(labels, runs[0].cells.size() + runs[1].cells.size());
  EXPECT_THAT(report_data({}), HasSubstr("\"results\": [\n]"));
}

}  // namespace
}  // namespace pushbench::reports
