// Seeded randomness that gives the same numbers on every machine and standard library (the
// distributions of <random> are not specified to the bit). Generator: xoshiro256** seeded by
// splitmix64 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018, public
// domain reference code, re-implemented). Not for secrets: masks and WebSocket keys come from the
// system's generator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace pushbench {

class Random {
 public:
  // `stream` separates independent uses of one seed (publisher, polls, arrivals, payload sizes …).
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) noexcept;

  std::uint64_t next() noexcept;
  double uniform() noexcept;                          // [0, 1), 53 bits
  std::uint64_t below(std::uint64_t bound) noexcept;  // [0, bound), unbiased; bound > 0
  double exponential() noexcept;                      // mean 1
  double normal() noexcept;                           // mean 0, deviation 1 (Box and Muller, 1958)
  // Every order alike (Fisher and Yates).
  template <class T>
  void shuffle(std::vector<T>& values) noexcept {
    for (std::size_t left = values.size(); left > 1; --left) {
      std::swap(values[left - 1], values[below(left)]);
    }
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace pushbench
