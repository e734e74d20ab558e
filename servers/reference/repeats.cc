#include "servers/reference/repeats.h"

#include <cstring>

namespace pushbench::servers {

// Multiplicative hashing, word by word (Knuth, The Art of Computer Programming 3, section 6.4): the
// method, the topic and the client's number are in the first bytes.
std::size_t Repeats::place_of(std::string_view request) noexcept {
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15;  // 2^64 over the golden ratio
  constexpr unsigned kShift = 58;
  static_assert(kPlaces == std::size_t{1} << (64 - kShift));
  std::uint64_t hash = 0;
  for (std::size_t at = 0; at < kHashed; at += sizeof hash) {
    std::uint64_t word = 0;
    std::memcpy(&word, request.data() + at, sizeof word);
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32;
  }
  return (hash * kFactor) >> kShift;
}

const Repeat* Repeats::find(std::string_view input, std::time_t second) const noexcept {
  if (input.size() < kHashed) {
    return nullptr;
  }
  const Repeat& known = places_[place_of(input)];
  const bool holds = !known.request.empty() && input.starts_with(known.request) &&
                     known.newest == known.topic->log().newest() &&
                     (known.answer.empty() || known.second == second);
  return holds ? &known : nullptr;
}

void Repeats::keep(const Repeat& repeat) {
  const bool fits = repeat.request.size() >= kHashed && repeat.request.size() <= kRequestMost &&
                    repeat.answer.size() <= kAnswerMost;
  if (fits && repeat.newest > 0) {
    places_[place_of(repeat.request)] = repeat;
  }
}

}  // namespace pushbench::servers
