#include "harness/result/example_result.h"
#include "reports/export.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::reports {
namespace {

using result::RunResult;

boost::json::value report_of(const std::vector<RunResult>& runs,
                             const ExportOptions& options = {}) {
  return boost::json::parse(export_gbench(runs, options).at(0).text);
}

TEST(Gbench, ARowARepeat) {
  const std::vector<RunResult> runs(3, result::example_result());
  const auto report = report_of(runs);
  const auto& rows = report.at("benchmarks").as_array();
  ASSERT_EQ(rows.size(), 18U);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& row = rows[15 + i];
    EXPECT_EQ(row.at("name").as_string(), "chat/websocket/latency-p99-ns");
    EXPECT_EQ(row.at("run_type").as_string(), "iteration");
    EXPECT_EQ(row.at("repetitions").as_int64(), 3);
    EXPECT_EQ(row.at("repetition_index").as_int64(), static_cast<std::int64_t>(i));
    EXPECT_EQ(row.at("real_time").to_number<double>(),
              result::find_metric("latency_p99_ns")->read(runs[0].cells.back()));
    EXPECT_EQ(row.at("cpu_time").to_number<double>(), 5870);
    EXPECT_EQ(row.at("bytes-per-delivery").to_number<double>(), 132);
  }
  EXPECT_EQ(report.at("context").at("num_cpus").as_int64(), 2);
}

TEST(Gbench, TheLatencyIsChosen) {
  const auto report =
      report_of({result::example_result()}, {.latency = result::find_metric("latency_p50_ns")});
  EXPECT_EQ(report.at("benchmarks").at(0).at("name").as_string(),
            "chat/polling/interval=1s/latency-p50-ns");
}

// Its reader wants both times as numbers.
TEST(Gbench, WithoutALatencyThereIsNoRowAndWithoutAServerNoCpuTime) {
  const auto none = report_of({result::doubtful_result()});
  EXPECT_TRUE(none.at("benchmarks").as_array().empty());
  const auto report =
      report_of({result::doubtful_result()}, {.latency = result::find_metric("latency_p50_ns")});
  const auto& row = report.at("benchmarks").at(0);
  EXPECT_EQ(row.at("cpu_time").to_number<double>(), 0);
  EXPECT_EQ(row.at("label").as_string(), "invalid, CPU time of the server was not measured");
}

}  // namespace
}  // namespace pushbench::reports
