// What others published for the workload of a run, beside what closed forms predict and what was
// measured. Where it was found with another number of clients, figures that grow with clients are
// extrapolated in proportion and say so; all others are shown as measured. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

inline constexpr std::string_view kPublishedTitle = "Published, predicted, measured";
inline constexpr std::string_view kPublishedAbout =
    "What others found for this workload; a star marks figures that are extrapolated from this "
    "run's clients to theirs.";

struct PublishedRow {
  std::string cell, metric, published, predicted, measured, source;
};

// Empty when the scenario names none, or none of a cell that ran.
std::vector<PublishedRow> published_rows(const result::RunResult& run);

}  // namespace pushbench::reports
