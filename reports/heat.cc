#include "reports/heat.h"

#include "harness/stats/latency_over_time.h"

#include <algorithm>
#include <limits>

namespace pushbench::reports {
namespace {

constexpr std::size_t kJoined = 4;  // buckets a band: a doubling has sixteen

struct Range {
  std::size_t first = std::numeric_limits<std::size_t>::max(), last = 0;
};

Range bands_in(const result::LatencyColumns& over_time, const stats::BucketLayout& layout) {
  Range out;
  for (const auto& column : over_time.columns) {
    column.for_each([&](std::int64_t lowest, std::int64_t, std::uint64_t) {
      const std::size_t band = layout.index_of(lowest) / kJoined;
      out = {.first = std::min(out.first, band), .last = std::max(out.last, band)};
    });
  }
  return out;
}

}  // namespace

Heat heat_of(const result::LatencyColumns& over_time) {
  const stats::BucketLayout layout(stats::kColumnShape);
  const Range used = bands_in(over_time, layout);
  Heat out{.seconds = over_time.seconds, .edges_ns = {}, .columns = {}};
  if (used.first > used.last) {
    return out;
  }
  for (std::size_t band = used.first; band <= used.last + 1; ++band) {
    out.edges_ns.push_back(layout.lowest_at(band * kJoined));
  }
  for (const auto& column : over_time.columns) {
    auto& counts = out.columns.emplace_back(used.last - used.first + 1);
    column.for_each([&](std::int64_t lowest, std::int64_t, std::uint64_t times) {
      counts[layout.index_of(lowest) / kJoined - used.first] += times;
    });
  }
  return out;
}

}  // namespace pushbench::reports
