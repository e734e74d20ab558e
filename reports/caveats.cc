#include "reports/caveats.h"

#include "harness/plan/threshold.h"
#include "harness/result/thresholds.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::reports {

using result::Caveat;
using result::RunResult;
using result::ThresholdResult;
using result::Verdict;

namespace {

std::vector<CaveatGroup> groups_of(const RunResult& run, bool notes) {
  std::vector<CaveatGroup> groups;
  for (const Caveat& caveat : run.caveats) {
    if ((caveat.severity == Verdict::kValid) != notes) {
      continue;
    }
    auto found = std::find_if(groups.begin(), groups.end(), [&caveat](const auto& group) {
      return group.id == caveat.id && group.severity == caveat.severity &&
             group.remedy == caveat.remedy;
    });
    if (found == groups.end()) {
      groups.push_back({caveat.id, caveat.severity, caveat.remedy, {}});
      found = groups.end() - 1;
    }
    found->lines.push_back(caveat.cell.empty() ? caveat.text : caveat.cell + ": " + caveat.text);
  }
  return groups;
}

}  // namespace

std::vector<CaveatGroup> doubts_of(const RunResult& run) {
  return groups_of(run, false);
}

std::vector<CaveatGroup> notes_of(const RunResult& run) {
  return groups_of(run, true);
}

std::string_view verdict_sentence(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kValid: return "VALID: every check of the measurement itself passed.";
    case Verdict::kSuspect: return "SUSPECT: read the figures with these doubts in mind.";
    case Verdict::kInvalid: return "INVALID: do not use these figures before this is mended.";
  }
  return "";
}

std::string threshold_summary(const RunResult& run) {
  std::size_t crossed = 0;
  std::size_t unjudged = 0;
  for (const auto& threshold : run.thresholds) {
    crossed += threshold.crossed ? 1U : 0U;
    unjudged += threshold.actual ? 0U : 1U;
  }
  return fmt::format("Thresholds: {} held, {} crossed, {} not judged",
                     run.thresholds.size() - crossed - unjudged, crossed, unjudged);
}

ThresholdLine threshold_line(const RunResult& run, const ThresholdResult& threshold) {
  const auto& all = run.scenario.thresholds;
  const auto declared = std::find_if(
      all.begin(), all.end(), [&threshold](const auto& one) { return one.text == threshold.text; });
  const auto* metric =
      declared == all.end() ? nullptr : result::find_threshold_metric(declared->metric);
  const auto figure = [metric](std::optional<double> value) {
    return metric != nullptr ? result::format_metric(*metric, value)
           : value           ? fmt::format("{}", *value)
                             : "-";
  };
  ThresholdLine line{.text = threshold.text,
                     .cell = threshold.cell,
                     .measured = figure(threshold.actual),
                     .wanted = "-",
                     .ending = threshold.crossed  ? "crossed"
                               : threshold.actual ? "held"
                                                  : "not judged"};
  if (threshold.wanted) {
    line.wanted = figure(threshold.wanted);
    if (declared != all.end()) {
      line.wanted = fmt::format("{} {}", plan::op_text(declared->op), line.wanted);
    }
  }
  return line;
}

std::string threshold_sentence(const RunResult& run, const ThresholdResult& threshold) {
  const auto line = threshold_line(run, threshold);
  return fmt::format("{}: {} in {} ({})", line.ending, line.text, line.cell, line.measured);
}

}  // namespace pushbench::reports
