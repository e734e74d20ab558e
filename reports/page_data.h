// What the HTML page shows of runs, as one JSON document: `results` holds each result.json as it
// is, `view` what the page takes from here instead of working it out a second time: the table of
// metrics, the topics, the sentences, and the curves of the histograms. Point k of a curve is the
// quantile 1 - 10^(-k / steps_per_decade), until the last is the highest value. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pushbench::reports {

inline constexpr int kCurveStepsPerDecade = 20;

std::string report_data(std::span<const result::RunResult> runs);
// `view` alone.
std::string report_view(std::span<const result::RunResult> runs);

std::vector<std::int64_t> curve_ns(const stats::Histogram& histogram);

}  // namespace pushbench::reports
