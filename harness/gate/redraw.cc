#include "harness/gate/redraw.h"

#include "harness/base/check.h"

#include <algorithm>
#include <cmath>

namespace pushbench::gate {
namespace {

constexpr std::uint64_t kFewTrials = 100;

double quantile_again(const Within& within, Random& random) {
  const std::uint64_t rank = binomial_draw(random, within.draws, within.quantile);
  const double share = static_cast<double>(rank) / static_cast<double>(within.draws);
  const auto at =
      std::lower_bound(within.shares.begin(), within.shares.end(), share,
                       [](const auto& step, double wanted) { return step.first < wanted; });
  return at == within.shares.end() ? within.shares.back().second : at->second;
}

struct Sums {
  double above = 0, below = 0;
  double ratio() const { return below > 0 ? above / below : 0; }
};

double seconds_again(const Within& within, double value, Random& random) {
  Sums all;
  Sums drawn;
  for (const auto& [above, below] : within.seconds) {
    all.above += above;
    all.below += below;
    const auto& [again_above, again_below] = within.seconds[random.below(within.seconds.size())];
    drawn.above += again_above;
    drawn.below += again_below;
  }
  return all.ratio() > 0 ? value * drawn.ratio() / all.ratio() : value;
}

}  // namespace

std::uint64_t binomial_draw(Random& random, std::uint64_t n, double p) {
  const auto count = static_cast<double>(n);
  const double spread = std::sqrt(count * p * (1 - p));
  if (n > kFewTrials && spread > 3) {
    const double drawn = std::round(count * p + spread * random.normal());
    return static_cast<std::uint64_t>(std::clamp(drawn, 0.0, count));
  }
  std::uint64_t successes = 0;
  for (std::uint64_t i = 0; i < n; ++i) {
    successes += random.uniform() < p ? 1U : 0U;
  }
  return successes;
}

stats::DrawnRun drawn_run(const CellFacts& cell, std::string_view metric) {
  const auto value = cell.read(metric);
  PUSHBENCH_CHECK(value.has_value());
  stats::DrawnRun out{.value = *value};
  const auto found = cell.within.find(metric);
  if (found == cell.within.end()) {
    return out;
  }
  const Within& within = found->second;
  if (within.draws > 0 && !within.shares.empty()) {
    out.redraw = [&within](Random& random) { return quantile_again(within, random); };
  } else if (within.seconds.size() >= kLeastSeconds) {
    out.redraw = [&within, value = *value](Random& random) {
      return seconds_again(within, value, random);
    };
  }
  return out;
}

}  // namespace pushbench::gate
