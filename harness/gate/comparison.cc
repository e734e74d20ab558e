#include "harness/gate/comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace pushbench::gate {
namespace {

constexpr std::size_t kMostNamed = 4;

bool is_open(const Row& row) {
  return row.gates && row.open && row.accepted.empty();
}

bool looks_worse(const Row& row) {
  if (!row.ratio || row.shown == nullptr) {
    return false;
  }
  const double worse = row.shown->better == result::Better::kMore ? 1 / *row.ratio : *row.ratio;
  return worse >= 1 + row.least_effect;
}

template <class Wanted>
std::string names_of(const Comparison& comparison, Wanted wanted) {
  std::vector<std::string> names;
  for (const auto& row : comparison.rows) {
    if (wanted(row)) {
      names.push_back(fmt::format("{} of {}", row.metric, row.cell));
    }
  }
  const std::size_t more = names.size() > kMostNamed ? names.size() - kMostNamed : 0;
  names.resize(names.size() - more);
  return fmt::format("{}{}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

std::string counted(std::size_t n, std::string_view word) {
  return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s");
}

}  // namespace

std::string_view tier_name(Tier tier) noexcept {
  switch (tier) {
    case Tier::kExact: return "exact";
    case Tier::kAudit: return "audit";
    case Tier::kModel: return "model";
    case Tier::kTiming: return "timing";
  }
  return "";
}

std::string_view found_name(const Row& row) noexcept {
  if (row.found == Found::kSame) {
    return "same";
  }
  if (row.found == Found::kUndecided) {
    return "inconclusive";
  }
  if (row.tier == Tier::kExact) {
    return "changed";
  }
  const bool worse = row.found == Found::kWorse;
  if (row.shown != nullptr &&
      (row.shown->unit == result::Unit::kNanos || row.shown->unit == result::Unit::kPerSecond)) {
    return worse ? "slower" : "faster";
  }
  const bool more_is_worse = row.shown == nullptr || row.shown->better != result::Better::kMore;
  return worse == more_is_worse ? "more" : "less";
}

std::size_t Comparison::regressions() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.regression(); }));
}

std::size_t Comparison::undecided() const {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), is_open));
}

ExitCode Comparison::code() const {
  if (regressions() > 0) {
    return ExitCode::kRegression;
  }
  return undecided() > 0 ? ExitCode::kInconclusive : ExitCode::kOk;
}

std::string likely_regressions(const Comparison& comparison) {
  if (comparison.regressions() > 0) {
    return {};
  }
  return names_of(comparison, [](const Row& row) { return is_open(row) && looks_worse(row); });
}

std::string answer_of(const Comparison& comparison) {
  const auto worse = comparison.regressions();
  const auto open = comparison.undecided();
  std::string out;
  if (worse > 0) {
    out = fmt::format("{}: {}.", counted(worse, "regression"),
                      names_of(comparison, [](const Row& row) { return row.regression(); }));
  } else {
    out = open > 0 ? "No regression was found, but not all could be ruled out." : "No regression.";
  }
  if (open > 0) {
    out += fmt::format(" Inconclusive: {}.", names_of(comparison, is_open));
  }
  const auto better =
      std::count_if(comparison.rows.begin(), comparison.rows.end(),
                    [](const Row& row) { return row.gates && row.found == Found::kBetter; });
  if (better > 0) {
    out += fmt::format(" Better: {}.", names_of(comparison, [](const Row& row) {
                         return row.gates && row.found == Found::kBetter;
                       }));
  }
  return out;
}

}  // namespace pushbench::gate
