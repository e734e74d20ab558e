// "latency.p99 < 20ms": a metric, a comparison, a limit. The limit is brought to base units: ns for
// durations, bytes for sizes, per second for rates, a plain number otherwise ("1%" is 0.01). Or it
// is a part of what the scenario asks for: "rate >= 0.99*target"; its number is then the part.
// Whether the metric exists is for those to say who have the metrics.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"

#include <string_view>

namespace pushbench::plan {

inline constexpr std::size_t kMaxThresholds = 64;

// A failure's text says what was expected and what came; the caller adds where.
Result<Threshold> parse_threshold(std::string_view text);

std::string_view op_text(Threshold::Op op) noexcept;  // "<="

}  // namespace pushbench::plan
