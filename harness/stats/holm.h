// p-values of several tests, adjusted so that the chance of even one false alarm among all of them
// stays below the level that they are held against: Holm 1979, "A simple sequentially rejective
// multiple test procedure". Needs no independence of the tests. Pure.
#pragma once

#include <span>
#include <vector>

namespace pushbench::stats {

// In the order of `p`; each at most 1.
std::vector<double> holm(std::span<const double> p);

}  // namespace pushbench::stats
