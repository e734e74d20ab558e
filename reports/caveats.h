// The verdict and the thresholds in words, the same in every report. Pure; the texts are raw, each
// format escapes them.
#pragma once

#include "harness/result/run_result.h"

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

// Caveats of one kind together: the remedy is said once.
struct CaveatGroup {
  std::string id;
  result::Verdict severity = result::Verdict::kSuspect;
  std::string remedy;
  std::vector<std::string> lines;  // "cell: text"
};
// Reasons to doubt, and what is only worth knowing.
std::vector<CaveatGroup> doubts_of(const result::RunResult& run);
std::vector<CaveatGroup> notes_of(const result::RunResult& run);

std::string_view verdict_sentence(result::Verdict verdict) noexcept;

// A threshold in one cell: what was measured and what was wanted, "-" where there is no figure.
struct ThresholdLine {
  std::string text;  // as written: "latency.p99 < 20ms"
  std::string cell;
  std::string measured;     // "987 ms", "n too small"
  std::string wanted;       // "< 20.0 ms"
  std::string_view ending;  // "held", "crossed", "not judged"
};
ThresholdLine threshold_line(const result::RunResult& run,
                             const result::ThresholdResult& threshold);

// "Thresholds: 8 held, 4 crossed, 0 not judged".
std::string threshold_summary(const result::RunResult& run);
// "crossed: latency.p99 < 20ms in polling/interval=1s (987 ms)".
std::string threshold_sentence(const result::RunResult& run,
                               const result::ThresholdResult& threshold);

}  // namespace pushbench::reports
