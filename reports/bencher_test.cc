#include "harness/result/example_result.h"
#include "reports/export.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

TEST(Bencher, ABenchmarkACellAMeasureAMetric) {
  const auto run = result::example_result();
  const auto files = export_bencher(std::span(&run, 1), {});
  ASSERT_EQ(files.size(), 1U);
  const auto document = boost::json::parse(files[0].text);
  const auto& report = document.as_object();
  ASSERT_EQ(report.size(), run.cells.size());
  const auto& websocket = report.at("chat/websocket").as_object();
  const auto& p99 = websocket.at("latency-p99-ns").as_object();
  EXPECT_EQ(p99.at("value").to_number<double>(),
            result::find_metric("latency_p99_ns")->read(run.cells.back()));
  EXPECT_LE(p99.at("lower_value").to_number<double>(), p99.at("value").to_number<double>());
  EXPECT_GE(p99.at("upper_value").to_number<double>(), p99.at("value").to_number<double>());
  EXPECT_FALSE(websocket.at("lost").as_object().contains("lower_value"));
  EXPECT_FALSE(websocket.contains("link-error-p99-ns")) << "not measured, so absent";
}

}  // namespace
}  // namespace pushbench::reports
