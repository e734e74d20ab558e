#include "harness/result/rule.h"

#include "harness/base/text.h"

#include <fmt/format.h>

namespace pushbench::result {

double count(const CellResult& cell, Counter counter) {
  return static_cast<double>(cell.counters[counter]);
}

double share(double part, double whole) {
  return whole > 0 ? part / whole : (part > 0 ? 1.0 : 0.0);
}

std::string percent(double part) {
  return fmt::format("{:.3g} %", 100 * part);
}

std::string number(double value) {
  return human_count(value);
}

std::string list_of_faults(const FaultCounts& faults) {
  std::string out;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (faults[i] != 0) {
      out += fmt::format("{}{} {}", out.empty() ? ": " : ", ", fault_name(static_cast<Fault>(i)),
                         number(static_cast<double>(faults[i])));
    }
  }
  return out;
}

FaultCounts operator+(const FaultCounts& a, const FaultCounts& b) {
  FaultCounts sum{};
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    sum[i] = a[i] + b[i];
  }
  return sum;
}

}  // namespace pushbench::result
