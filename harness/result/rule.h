// A rule of the verdict is one row of a table: it looks at a run or at one cell of it, has a named
// limit, and says why it doubts the figures and what to do. Rows live in run_rules.cc,
// delivery_rules.cc and measure_rules.cc; validity.cc applies them. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <optional>
#include <string>
#include <string_view>

namespace pushbench::result {

// A cell with the run that it belongs to.
struct Seen {
  const RunResult& run;
  const CellResult& cell;
};

// Fires when its measure is above its limit; a measure that is absent was not taken and fires
// nothing. Of several rules with one id the first that fires speaks, so the worst stands first. A
// severity of kValid is a note: worth knowing, no reason to doubt.
template <class Subject>
struct Rule {
  std::string_view id;
  Verdict severity;
  double limit;
  std::string_view measure_name;  // "lost deliveries": the reference reads "<measure> > <limit>"
  std::string_view remedy;
  std::optional<double> (*measure)(const Subject&);
  std::string (*describe)(const Subject&, double);
};
using CellRule = Rule<Seen>;
using RunRule = Rule<RunResult>;

inline constexpr auto kInvalid = Verdict::kInvalid;
inline constexpr auto kSuspect = Verdict::kSuspect;
inline constexpr auto kNote = Verdict::kValid;
inline constexpr double kNone = 0;  // the limit of what must not happen at all

double count(const CellResult& cell, Counter counter);
double share(double part, double whole);  // 1 when there is a part of nothing
std::string percent(double part);         // "0.25 %"
std::string number(double value);         // "1,234"

// ": reset 3, timeout 1", empty when there is none.
std::string list_of_faults(const FaultCounts& faults);
FaultCounts operator+(const FaultCounts& a, const FaultCounts& b);

template <Counter Which>
std::optional<double> counted(const Seen& seen) {
  return count(seen.cell, Which);
}

}  // namespace pushbench::result
