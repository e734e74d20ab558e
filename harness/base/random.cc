#include "harness/base/random.h"

#include "harness/base/check.h"

#include <bit>
#include <cmath>
#include <numbers>

namespace pushbench {
namespace {

std::uint64_t splitmix(std::uint64_t& state) noexcept {
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream) noexcept {
  std::uint64_t mix = stream;
  std::uint64_t state = seed ^ splitmix(mix);
  for (auto& word : state_) {
    word = splitmix(state);
  }
}

std::uint64_t Random::next() noexcept {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() noexcept {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

std::uint64_t Random::below(std::uint64_t bound) noexcept {
  PUSHBENCH_CHECK(bound > 0);
  const std::uint64_t unfair = (0 - bound) % bound;  // values below it would favour small results
  std::uint64_t draw = next();
  while (draw < unfair) {
    draw = next();
  }
  return draw % bound;
}

double Random::exponential() noexcept {
  return -std::log1p(-uniform());
}

double Random::normal() noexcept {
  const double radius = std::sqrt(2.0 * exponential());
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace pushbench
