#include "harness/stats/holm.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace pushbench::stats {

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&p](auto a, auto b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double reached = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto left = static_cast<double>(p.size() - i);
    reached = std::max(reached, std::min(1.0, left * p[order[i]]));
    adjusted[order[i]] = reached;
  }
  return adjusted;
}

}  // namespace pushbench::stats
