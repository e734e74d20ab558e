// What the gate holds against a change: the metrics that gate, the smallest effect of each that
// matters, and changes that were accepted with a reason until a day. The built-in policy's effects
// are those below which two builds of the same source on a quiet machine differ by chance. Pure.
#pragma once

#include "harness/result/metrics.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::gate {

struct Gated {
  const result::Metric* metric = nullptr;
  double least_effect = 0;  // share: 0.05 for 5 %
  bool gates = true;        // false: shown, and neither fails the comparison nor leaves it open
};

// `metric` is a metric's name, or "exact", "audit" or "model" for that whole tier, or one of its
// counts ("exact.head_down_bytes").
struct Accepted {
  std::string metric;
  std::string cell;  // the start of a cell's name; empty: all
  std::string reason;
  std::string until;  // the last day that it holds, "2027-01-31"
};

struct Policy {
  std::string origin = "built in";
  std::vector<Gated> metrics;
  std::vector<Accepted> accepted;
  double significance = 0.01;  // of all gated metrics together, after Holm
  double confidence = 0.95;    // of the intervals
  std::uint32_t resamples = 2000;
};

// 5 % of p50, 15 % of p99, 3 % of processor time (the mean, and that of quiet slices), 3 % of
// memory, 1 % of bytes.
Policy default_policy();

inline constexpr double kShownEffect = 0.05;  // of metrics that do not gate

// Adds, as shown only, every other metric that one side can have more of than the other.
void add_shown(Policy& policy);

// Whether the entry is about this finding.
bool covers(const Accepted& entry, std::string_view metric, std::string_view cell);

}  // namespace pushbench::gate
