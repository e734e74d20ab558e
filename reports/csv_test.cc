#include "reports/csv.h"

#include "harness/result/metrics.h"
#include "reports/csv_fields.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace pushbench::reports {
namespace {

// The example predicts two metrics: mean and both ends of the interval of each.
const std::size_t kColumns = 9 + result::metrics().size() + 6;

std::vector<std::vector<std::string>> rows_of(const result::RunResult& run) {
  return csv_fields(render_csv(std::span(&run, 1), {}));
}

TEST(Csv, OneRowACellOneColumnAMetric) {
  const auto run = result::example_result();
  const auto rows = rows_of(run);
  ASSERT_EQ(rows.size(), 1 + run.cells.size());
  for (const auto& row : rows) {
    EXPECT_EQ(row.size(), kColumns);
  }
  EXPECT_EQ(rows[0][0], "scenario");
  EXPECT_EQ(rows[2][3], "polling/interval=1s,new-connection");
  EXPECT_EQ(rows[0][9], "latency_mean_ns");
}

TEST(Csv, ValuesReadBackExactly) {
  const auto run = result::example_result();
  const auto rows = rows_of(run);
  for (std::size_t i = 0; i < result::metrics().size(); ++i) {
    const auto value = result::metrics()[i].read(run.cells[0]);
    const auto& field = rows[1][9 + i];
    ASSERT_EQ(value.has_value(), !field.empty()) << rows[0][9 + i];
    if (value) {
      EXPECT_EQ(std::stod(field), *value) << rows[0][9 + i];
    }
  }
}

TEST(Csv, PredictionsStandBehindTheMetrics) {
  const auto rows = rows_of(result::example_result());
  const auto first = 9 + result::metrics().size();
  EXPECT_EQ(rows[0][first], "predicted_latency_mean_ns");
  EXPECT_EQ(rows[0][first + 3], "predicted_bytes_per_delivery");
  EXPECT_EQ(rows[0][first + 5], "predicted_high_bytes_per_delivery");
  EXPECT_EQ(rows[6][first + 3], "132");  // websocket
}

TEST(Csv, WithheldValuesAreEmptyFields) {
  const auto rows = rows_of(result::doubtful_result());
  const auto& heads = rows[0];
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i] == "latency_p99_ns" || heads[i] == "server_cpu_ns_per_delivery") {
      EXPECT_EQ(rows[1][i], "");
    }
  }
}

TEST(Csv, NoFieldIsAFormula) {
  for (const auto& row : rows_of(hostile_result())) {
    ASSERT_EQ(row.size(), kColumns);
    for (const auto& field : row) {
      EXPECT_TRUE(field.empty() || std::string("=+-@\t").find(field[0]) == std::string::npos)
          << field;
    }
  }
}

}  // namespace
}  // namespace pushbench::reports
