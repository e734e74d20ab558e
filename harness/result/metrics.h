// The metrics of a cell: one table that feeds text, CSV, JSON keys, thresholds, comparison and the
// README. A new metric is one row. `read` gives nullopt where the value was not measured or must be
// withheld (a percentile with fewer independent draws than stats::samples_needed says: one
// broadcast to N clients is one draw of latency; connects, acknowledgements and timers are one draw
// each). A ratio whose denominator is 0 is absent.
#pragma once

#include "harness/base/error.h"
#include "harness/result/run_result.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::result {

enum class Unit : std::uint8_t { kNanos, kBytes, kCount, kPerSecond, kRatio };
enum class Better : std::uint8_t { kLess, kMore, kNeither };

struct Metric {
  std::string_view name;   // JSON and CSV key, unit last: "latency_p99_ns"
  std::string_view title;  // column head: "p99"
  Unit unit;
  Better better;
  double quantile;  // of a percentile, else 0: an absent percentile reads "n too small"
  std::optional<double> (*read)(const CellResult&);
  std::string_view about;  // one sentence for the README
};

std::span<const Metric> metrics() noexcept;
const Metric* find_metric(std::string_view name) noexcept;

// "1.23 ms", "39 B", "1,234", or "n too small" / "-" for an absent one.
std::string format_metric(const Metric& metric, std::optional<double> value);

// The mean in 12 significant digits: the value that files and reports show.
double mean_ns(const stats::Histogram& histogram) noexcept;

// The table in Markdown, for the README of the reports.
std::string metric_reference();

}  // namespace pushbench::result
