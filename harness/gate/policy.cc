#include "harness/gate/policy.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pushbench::gate {
namespace {

constexpr auto kBuiltIn = std::to_array<std::pair<std::string_view, double>>({
    {"latency_p50_ns", 0.05},
    {"latency_p99_ns", 0.15},
    {"server_cpu_ns_per_delivery", 0.03},
    {"server_cpu_quiet_ns_per_delivery", 0.03},
    {"client_cpu_ns_per_delivery", 0.03},
    {"server_memory_bytes_per_connection", 0.03},
    {"bytes_per_delivery", 0.01},
});

bool gated_already(const Policy& policy, const result::Metric& metric) {
  return std::any_of(policy.metrics.begin(), policy.metrics.end(),
                     [&metric](const Gated& gated) { return gated.metric == &metric; });
}

}  // namespace

Policy default_policy() {
  Policy policy;
  for (const auto& [name, effect] : kBuiltIn) {
    policy.metrics.push_back({.metric = result::find_metric(name), .least_effect = effect});
  }
  return policy;
}

// Counts are left out: those that must not change are audited, the others follow from the load.
void add_shown(Policy& policy) {
  for (const auto& metric : result::metrics()) {
    const bool comparable =
        metric.better != result::Better::kNeither && metric.unit != result::Unit::kCount;
    if (comparable && !gated_already(policy, metric)) {
      policy.metrics.push_back({.metric = &metric, .least_effect = kShownEffect, .gates = false});
    }
  }
}

bool covers(const Accepted& entry, std::string_view metric, std::string_view cell) {
  const bool same = metric == entry.metric ||
                    (metric.starts_with(entry.metric) && metric.size() > entry.metric.size() &&
                     metric[entry.metric.size()] == '.');
  return same && cell.starts_with(entry.cell);
}

}  // namespace pushbench::gate
